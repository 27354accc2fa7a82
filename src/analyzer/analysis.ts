/**
 * The analyzer's face: text in, findings and shapes out. It knows no editor, no file system and no process; whoever
 * embeds it hands it the text of files.
 */

import type { Finding, Severity } from './rules/rule';
import type { Dim } from './shapes/dim';
import type { Place, ReasonFact } from './trace/facts';

/** How the analyzer reaches the workspace's files. Paths are absolute, with forward slashes. */
export interface Files {
  /** The text of a file, or undefined where there is none (or it cannot be read). */
  read(path: string): string | undefined;
}

export interface AnalysisOptions {
  /** Per rule id or name: a severity, or off. */
  readonly severities?: Readonly<Record<string, Severity | 'off'>>;
  /** Work at most: evaluation steps for one entry file (default 2,000,000) and milliseconds (default 5,000). */
  readonly budget?: { readonly steps?: number; readonly milliseconds?: number };
}

export interface FileAnalysis {
  readonly path: string;
  readonly findings: readonly Finding[];
  readonly models: readonly ModelSummary[];
  readonly calls: readonly CallSummary[];
  /** Where and why inference stopped. */
  readonly reasons: readonly ReasonFact[];
  readonly problems: readonly { readonly at: Place; readonly message: string }[];
}

export type ShapeSummary = readonly Dim[] | null;

export interface LayerSummary {
  readonly name: string;
  readonly type: string;
  readonly at: Place;
  readonly inputShape: ShapeSummary | readonly ShapeSummary[];
  readonly outputShape: ShapeSummary | readonly ShapeSummary[];
  /** undefined where a size is unknown. */
  readonly params: number | string | undefined;
}

export interface ModelSummary {
  readonly name: string;
  readonly kind: 'sequential' | 'functional' | 'class';
  readonly at: Place;
  readonly inputs: readonly ShapeSummary[];
  readonly outputs: readonly ShapeSummary[];
  readonly layers: readonly LayerSummary[];
  readonly params: {
    readonly total: number | null;
    readonly trainable: number | null;
    readonly nonTrainable: number | null;
  };
}

export interface CallSummary {
  readonly at: Place;
  /** `tf.moments`, `tf.layers.conv2d`. */
  readonly api: string;
  readonly inputShapes: readonly ShapeSummary[];
  /** Several outputs (moments, split): a list of shapes. */
  readonly outputShape: ShapeSummary;
  readonly outputShapes?: readonly ShapeSummary[];
  readonly reason?: ReasonFact;
}

/**
 * A workspace under analysis. Files are read on demand through `Files`; `change` tells it that a text is another now.
 * `analyze` evaluates one file with all that it imports and gives what concerns that file.
 */
export interface Analyzer {
  /** The file's text changed or it vanished: forget what was derived from it. */
  change(path: string): void;
  analyze(path: string): FileAnalysis;
  /** Analyzes several files as one workspace: a function that one of them calls is not evaluated as uncalled in another. */
  analyzeAll(paths: readonly string[]): readonly FileAnalysis[];
}
