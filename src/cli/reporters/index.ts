import type { CheckResult } from '../check';
import type { Terminal } from '../terminal';
import { checkstyle } from './checkstyle';
import { github } from './github';
import { json } from './json';
import { junit } from './junit';
import { pretty } from './pretty';
import { sarif } from './sarif';

export type Reporter = (result: CheckResult, terminal: Terminal) => string;

export const reporters = { pretty, json, sarif, github, junit, checkstyle } as const satisfies Record<string, Reporter>;

export type ReporterName = keyof typeof reporters;
