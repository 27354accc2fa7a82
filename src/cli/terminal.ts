import type { createColors } from 'picocolors';

export type Colors = ReturnType<typeof createColors>;

/** Where a command writes, so that it can be run without a process. */
export interface Terminal {
  readonly cwd: string;
  readonly colors: Colors;
  /** Columns to fill with prose. */
  readonly width: number;
  /** The result: standard output. */
  write(text: string): void;
  /** Words about the run: standard error. */
  warn(text: string): void;
}

/** 0: clean. 1: findings at error level, or more warnings than allowed. 2: could not run, or not on all. */
export type ExitCode = 0 | 1 | 2;
