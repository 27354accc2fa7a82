import type { CheckResult } from '../check';
import type { Terminal } from '../terminal';
import { github } from './github';
import { json } from './json';
import { pretty } from './pretty';
import { sarif } from './sarif';

export type Reporter = (result: CheckResult, terminal: Terminal) => string;

export const reporters = { pretty, json, sarif, github } as const satisfies Record<string, Reporter>;

export type ReporterName = keyof typeof reporters;
