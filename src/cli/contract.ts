/**
 * What `--format json` prints, version 1. Lines and columns count from 1; ends are exclusive; files are relative to the
 * working directory where they lie in it, with forward slashes.
 */

/** Null where the rank is unknown. */
export type JsonShape = readonly JsonDim[] | null;

/** An integer; null (batch or variable length, as tfjs prints it); an expression (`"2*c"`); or `"?"`. */
export type JsonDim = number | string | null;

export interface JsonPosition {
  readonly line: number;
  readonly column: number;
}

export interface JsonRange {
  readonly start: JsonPosition;
  readonly end: JsonPosition;
}

export interface ShapesReport {
  readonly version: 1;
  readonly models: readonly JsonModel[];
  readonly calls: readonly JsonCall[];
  readonly coverage: JsonCoverage;
}

/** How many calls have shapes that are known, partly known (a size is `"?"`) and unknown (null). */
export interface JsonCoverage {
  readonly calls: number;
  readonly known: number;
  readonly partly: number;
  readonly unknown: number;
  /** The five most frequent reasons for what is not known. */
  readonly reasons: readonly { readonly text: string; readonly calls: number }[];
}

export interface JsonModel {
  readonly name: string;
  readonly kind: 'sequential' | 'functional' | 'class';
  readonly file: string;
  readonly range: JsonRange;
  readonly inputs: readonly JsonShape[];
  readonly outputs: readonly JsonShape[];
  /** In the order of tfjs's own `model.layers`. */
  readonly layers: readonly JsonLayer[];
  readonly params: {
    readonly total: number | null;
    readonly trainable: number | null;
    readonly nonTrainable: number | null;
  };
}

export interface JsonLayer {
  readonly name: string;
  readonly type: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Several inputs: a list of shapes. */
  readonly inputShape: JsonShape | readonly JsonShape[];
  readonly outputShape: JsonShape | readonly JsonShape[];
  readonly params: number | string | null;
}

/** What goes into a call and what comes out. */
export interface JsonFlow {
  readonly inputShapes: readonly JsonShape[];
  readonly outputShape: JsonShape;
  /** Where a call gives several tensors. */
  readonly outputShapes?: readonly JsonShape[];
}

/** A call's place. Its shapes are what holds of all its evaluations: `"?"` where they differ. */
export interface JsonCall extends JsonFlow {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly api: string;
  /** Where a loop or a function gave several shapes: each that differs, in the order of the run; absent if over 32. */
  readonly evaluations?: readonly JsonFlow[];
  readonly reason?: string;
}

export interface CheckReport {
  readonly version: 1;
  readonly findings: readonly JsonFinding[];
  readonly summary: JsonSummary;
}

export interface JsonFinding {
  readonly ruleId: string;
  readonly ruleName: string;
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  readonly file: string;
  readonly range: JsonRange;
  readonly message: string;
  readonly advice: string;
  readonly facts: Readonly<Record<string, number | string>>;
  readonly related: readonly { readonly file: string; readonly range: JsonRange; readonly message: string }[];
  readonly fixes: readonly JsonFix[];
}

export interface JsonFix {
  readonly title: string;
  readonly safe: boolean;
  readonly edits: readonly { readonly file: string; readonly range: JsonRange; readonly text: string }[];
}

export interface JsonSummary {
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
  readonly information: number;
  readonly hints: number;
  /** Files that were found and not checked. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}
