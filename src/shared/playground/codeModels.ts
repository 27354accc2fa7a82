/** The models of a file, as the scene Your code shows them: made by the server or the command line, read by the page. */
import { type Change, readChange } from './state';

/** A place in a file: line and column from 0, as the editor counts. */
export interface CodePlace {
  readonly uri: string;
  readonly line: number;
  readonly column: number;
}

export const SEVERITIES = ['error', 'warning', 'information', 'hint'] as const;

export interface CodeFinding {
  readonly rule: string;
  readonly severity: (typeof SEVERITIES)[number];
  readonly message: string;
  /** The rule's page. */
  readonly page: string;
  readonly at: CodePlace;
}

export interface CodeLayer {
  readonly name: string;
  readonly type: string;
  readonly at: CodePlace;
  /** Shapes as they are shown: `[null, 28, 28, 8]`; several inputs with commas between. */
  readonly input: string;
  readonly output: string;
  /** A number, an expression, or null where it is unknown. */
  readonly params: number | string | null;
  /** What the layer means to the playground; undefined where its shape is not known enough. */
  readonly change?: Change | undefined;
  readonly findings: readonly CodeFinding[];
}

export interface CodeModel {
  readonly name: string;
  readonly kind: string;
  readonly at: CodePlace;
  readonly inputs: string;
  readonly outputs: string;
  readonly total: number | null;
  readonly trainable: number | null;
  /** The batch that it trains with, where the file says it. */
  readonly batch?: number | undefined;
  readonly layers: readonly CodeLayer[];
}

export interface CodeModels {
  readonly uri: string;
  /** The file's name, as the reader knows it. */
  readonly name: string;
  readonly models: readonly CodeModel[];
  /** Findings that are at none of the layers. */
  readonly findings: readonly CodeFinding[];
}

type Fields = Readonly<Record<string, unknown>>;

/** More than these are cut off: a page has to stay readable. */
const MOST = { models: 50, layers: 500, findings: 200 };
const LONGEST = 2000;

/** Reads what came from outside; undefined where it is nothing of the kind. What is odd inside is left out. */
export function readCodeModels(payload: unknown): CodeModels | undefined {
  const fields = fieldsOf(payload);
  const [uri, name] = [textOf(fields?.uri), textOf(fields?.name)];
  if (fields === undefined || uri === undefined || name === undefined) return undefined;
  return {
    uri,
    name,
    models: listOf(fields.models, MOST.models, readModel),
    findings: listOf(fields.findings, MOST.findings, readFinding),
  };
}

function readModel(fields: Fields): CodeModel | undefined {
  const [name, kind, inputs, outputs] = ['name', 'kind', 'inputs', 'outputs'].map((key) => textOf(fields[key]));
  const at = readPlace(fields.at);
  if (name === undefined || kind === undefined || inputs === undefined || outputs === undefined || !at)
    return undefined;
  const { total, trainable, batch } = fields;
  return {
    ...{ name, kind, at, inputs, outputs },
    total: countOf(total),
    trainable: countOf(trainable),
    batch: countOf(batch) ?? undefined,
    layers: listOf(fields.layers, MOST.layers, readLayer),
  };
}

function readLayer(fields: Fields): CodeLayer | undefined {
  const [name, type, input, output] = ['name', 'type', 'input', 'output'].map((key) => textOf(fields[key]));
  const at = readPlace(fields.at);
  if (name === undefined || type === undefined || input === undefined || output === undefined || !at) return undefined;
  const { change } = readChange(fields.change);
  return {
    ...{ name, type, at, input, output },
    params: textOf(fields.params) ?? countOf(fields.params),
    change: fieldsOf(fields.change) === undefined ? undefined : change,
    findings: listOf(fields.findings, MOST.findings, readFinding),
  };
}

function readFinding(fields: Fields): CodeFinding | undefined {
  const [rule, message, page] = ['rule', 'message', 'page'].map((key) => textOf(fields[key]));
  const severity = SEVERITIES.find((one) => one === fields.severity);
  const at = readPlace(fields.at);
  if (rule === undefined || message === undefined || severity === undefined || !at) return undefined;
  // An address of a script would run it: only the web's own are taken.
  return { rule, message, severity, page: page?.startsWith('https://') ? page : '', at };
}

function readPlace(value: unknown): CodePlace | undefined {
  const fields = fieldsOf(value);
  const uri = textOf(fields?.uri);
  const [line, column] = [countOf(fields?.line), countOf(fields?.column)];
  return uri === undefined || line === null || column === null ? undefined : { uri, line, column };
}

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= LONGEST ? value : undefined;
const countOf = (value: unknown): number | null =>
  Number.isInteger(value) && (value as number) >= 0 ? (value as number) : null;

function listOf<T>(value: unknown, most: number, read: (fields: Fields) => T | undefined): readonly T[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, most).flatMap((item) => {
    const fields = fieldsOf(item);
    const found = fields && read(fields);
    return found === undefined ? [] : [found];
  });
}
