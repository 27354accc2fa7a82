import type { NormName, PlaygroundState } from '../../../src/shared/playground';
import type { CodeSettings } from '../settings';

export type FrameworkName = PlaygroundState['framework'];

/** How a framework writes each norm: lines of code, a row a norm. */
export interface Framework {
  /** What begins a comment. */
  readonly comment: '//' | '#';
  readonly imports: (settings: CodeSettings) => string;
  readonly norms: Readonly<Record<NormName, (settings: CodeSettings) => readonly string[]>>;
  /** What differs from the settings, or from what readers of other frameworks expect. */
  readonly remarks?: (settings: CodeSettings) => readonly string[];
}
