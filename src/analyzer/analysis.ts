/**
 * The analyzer's face: text in, findings and shapes out. It knows no editor, no file system and no process; whoever
 * embeds it hands it the text of files.
 */

import type { Failure } from './failures';
import type { AssumedParameter, Assumptions } from './interpreter/assumptions';
import type { Finding, Fix, Severity } from './rules/rule';
import type { Suppressed } from './rules/suppressions';
import type { Dim } from './shapes/dim';
import type { Role } from './shapes/shape';
import type { Place, ReasonFact } from './trace/facts';

/** How the analyzer reaches the workspace's files. Paths are absolute, with forward slashes. */
export interface Files {
  /** The text of a file, or undefined where there is none (or it cannot be read). */
  read(path: string): string | undefined;
}

export interface AnalysisOptions {
  /** Per rule id or name: a severity, or off. */
  readonly severities?: Readonly<Record<string, Severity | 'off'>>;
  readonly assumptions?: Assumptions;
  /** Which models and calls to sum up: all of them, or only those where something was found. */
  readonly summaries?: 'all' | 'findings';
  /** Work at most: evaluation steps for one entry file (default 2,000,000) and milliseconds (default 20,000), which only a hang reaches. */
  readonly budget?: { readonly steps?: number; readonly milliseconds?: number };
  /** Whether an error of the analyzer's own is told in `FileAnalysis.failures`; it is thrown otherwise, as tests want it. */
  readonly tolerant?: boolean;
}

export interface FileAnalysis {
  readonly path: string;
  readonly findings: readonly Finding[];
  /** Findings that a comment silences. */
  readonly suppressed: readonly Suppressed[];
  readonly models: readonly ModelSummary[];
  readonly calls: readonly CallSummary[];
  /** Where and why inference stopped. */
  readonly reasons: readonly ReasonFact[];
  readonly problems: readonly { readonly at: Place; readonly message: string }[];
  /** Assumptions about parameters of this file that no parameter took. */
  readonly idle?: readonly AssumedParameter[];
  /** Where the analyzer itself failed: what it was about to find there is missing. Absent where it did not. */
  readonly failures?: readonly Failure[];
}

export type { Failure } from './failures';
export type { AssumedParameter, AssumedValue, Assumptions } from './interpreter/assumptions';

export type ShapeSummary = readonly Dim[] | null;

export interface LayerSummary {
  readonly name: string;
  readonly type: string;
  readonly at: Place;
  readonly inputShape: ShapeSummary | readonly ShapeSummary[];
  readonly outputShape: ShapeSummary | readonly ShapeSummary[];
  /** undefined where a size is unknown. */
  readonly params: number | string | undefined;
  /** Options that were written out as numbers, or lists of them: axis, momentum, epsilon, groups. */
  readonly settings?: Readonly<Record<string, number | readonly number[]>>;
}

export interface ModelSummary {
  readonly name: string;
  readonly kind: 'sequential' | 'functional' | 'class';
  readonly at: Place;
  readonly inputs: readonly ShapeSummary[];
  readonly outputs: readonly ShapeSummary[];
  readonly layers: readonly LayerSummary[];
  /** Samples of a full batch in training, where the same file trains it with a known one. */
  readonly batchSize?: number | undefined;
  readonly params: {
    readonly total: number | null;
    readonly trainable: number | null;
    readonly nonTrainable: number | null;
  };
}

/** What goes into a call and what comes out. */
export interface CallFlow {
  readonly inputShapes: readonly ShapeSummary[];
  /** Of several outputs (moments, split) the first. */
  readonly outputShape: ShapeSummary;
  /** Where there are several outputs: all of them. */
  readonly outputShapes?: readonly ShapeSummary[];
}

/** A call's place. Its shapes are what holds of all its evaluations: `?` where they differ. */
export interface CallSummary extends CallFlow {
  readonly at: Place;
  /** `tf.moments`, `tf.layers.conv2d`. */
  readonly api: string;
  /** Where a loop or a function gave several shapes: each that differs, in the order of the run; absent if there are too many. */
  readonly evaluations?: readonly CallFlow[];
  readonly reason?: ReasonFact;
}

/** What an expression was worth, each time that it was evaluated. */
export interface Explanation {
  readonly at: Place;
  /** How often it was evaluated: never in code that no path reaches. */
  readonly times: number;
  /** The first few values that differ. */
  readonly values: readonly (ExplainedValue & { readonly times: number })[];
  /** How many values differ in all. */
  readonly distinct: number;
}

export interface ExplainedValue {
  readonly kind:
    | 'tensor'
    | 'layer'
    | 'model'
    | 'constant'
    | 'size'
    | 'list'
    | 'object'
    | 'function'
    | 'class'
    | 'promise'
    | 'alternatives'
    | 'unknown'
    | 'other';
  /** In words: `symbolic tensor [null,28,28,1] float32`, `{ filters: 8 }`. */
  readonly text: string;
  /** For tensors. */
  readonly shape?: ShapeSummary;
  /** What each axis means, where it is known. */
  readonly roles?: readonly (Role | undefined)[];
  /** How it came about: the calls that lead to it in the order of their run, or the place where it was given its name. */
  readonly steps: readonly ExplainedStep[];
  /** One of several, where it depends on a condition that is not known. */
  readonly options?: readonly ExplainedValue[];
  /** Where and why inference stopped, where not all is known. */
  readonly stop?: ReasonFact;
}

export interface ExplainedStep {
  readonly at: Place;
  /** `tf.layers.conv2d “conv2d_Conv2D1”`, `tf.matMul`. */
  readonly text: string;
  readonly inputs: readonly ShapeSummary[];
  readonly outputs: readonly ShapeSummary[];
  /** The variable that took the result first. */
  readonly name?: string;
}

/**
 * A workspace under analysis. Files are read on demand through `Files`; `change` tells it that a text is another now.
 * `analyze` evaluates one file with all that it imports and gives what concerns that file.
 */
export interface Analyzer {
  /** The file's text changed or it vanished: forget what was derived from it. */
  change(path: string): void;
  analyze(path: string): FileAnalysis;
  /**
   * Analyzes several files as one workspace: a function that one of them calls is not evaluated as uncalled in another.
   * @param loaded takes the path of every file that was evaluated
   */
  analyzeAll(paths: readonly string[], loaded?: Set<string>): readonly FileAnalysis[];
  /**
   * The value of the innermost expression that covers the offset, how it came about, or where and why inference stopped;
   * undefined where no expression covers it. It evaluates the file anew.
   */
  explain(path: string, offset: number): Explanation | undefined;
  /** The same for each name that is bound between two offsets, and for the outermost expressions that no name takes. */
  explainBetween(path: string, start: number, end: number): readonly Explanation[];
  /** The edit that silences a finding by a comment. */
  suppression(finding: Finding): Fix;
}
