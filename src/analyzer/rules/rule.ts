import type { LayerFact, OpFact, Place } from '../trace/facts';
import type { Trace } from '../trace/trace';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** A rule judges a trace. It has no state and reads nothing but the trace. */
export interface Rule {
  /** For ever: `NL101`. */
  readonly id: string;
  /** `bn-axis-not-last`; also the name of its file and of its page. */
  readonly name: string;
  /** The severity where neither settings nor the finding say otherwise. */
  readonly severity: Severity;
  /** True for a matter of taste: reported only where a setting names the rule. */
  readonly off?: boolean;
  /** One line for tables: what is wrong. */
  readonly summary: string;
  check(trace: Trace, report: (finding: RuleFinding) => void): void;
}

export interface RuleFinding {
  readonly at: Place;
  /** At most 120 characters: what is wrong, with a number from the user's code. */
  readonly message: string;
  /** Why it matters and what to do, in a few sentences, for the hover. */
  readonly advice: string;
  readonly severity?: Severity;
  /** The numbers behind the message, by name: `{ m: 1, batch: 32 }`. */
  readonly facts?: Readonly<Record<string, number | string>>;
  readonly related?: readonly { readonly at: Place; readonly message: string }[];
  readonly fixes?: readonly Fix[];
  /** The layer or op at fault: where two rules speak of one thing, the table of precedence keeps the better word. */
  readonly about?: LayerFact | OpFact | undefined;
}

export interface Fix {
  readonly title: string;
  /** False where the program would compute something else: the title says what. */
  readonly safe: boolean;
  readonly edits: readonly { readonly at: Place; readonly text: string }[];
}

/** What leaves the analyzer: a rule's finding with its rule and severity settled. */
export interface Finding extends Omit<RuleFinding, 'severity' | 'fixes' | 'facts' | 'related' | 'about'> {
  readonly ruleId: string;
  readonly ruleName: string;
  readonly severity: Severity;
  readonly facts: Readonly<Record<string, number | string>>;
  readonly related: readonly { readonly at: Place; readonly message: string }[];
  readonly fixes: readonly Fix[];
}
