import { getNodeValue, type Node } from 'jsonc-parser';
import type { AssumedParameter, AssumedValue, Assumptions } from '../analyzer/analysis';
import { join } from '../analyzer/workspace/paths';
import { type RuleSetting, SEVERITIES } from '../shared/protocol';
import { patternRefusal } from './patterns';
import { type Key, of, type Reader } from './reader';

/** A setting of the configuration file: a row. */
interface Setting {
  /** For the schema. */
  readonly description: string;
  /** Undefined, after a word to the reader, where the value is none. A setting without it is for other programs. */
  read?(reader: Reader, node: Node): unknown;
}

/** `src/model.ts#build(inputSize)`, `src/model.ts#Net.build(inputSize)` */
export const PARAMETER = /^([^#]+)#([\p{ID_Start}$_][\p{ID_Continue}$.]*)\(([\p{ID_Start}$_][\p{ID_Continue}$]*)\)$/u;

export const settings: Readonly<Record<string, Setting>> = {
  $schema: { description: 'Where the schema of this file is.' },
  rules: {
    description:
      'The severity of single rules, by id (`NL101`) or name (`bn-axis-not-last`). Rules that are not named keep their own. Settings of the editor win.',
    read: readRules,
  },
  include: {
    description:
      'Patterns of the files to check, relative to this file’s folder; a folder stands for all that is in it. Without it: every source file.',
    read: (reader, node) => reader.strings(node, 'include', patternRefusal),
  },
  exclude: {
    description: 'Patterns of files that are not checked, relative to this file’s folder. They win over `include`.',
    read: (reader, node) => reader.strings(node, 'exclude', patternRefusal),
  },
  assume: {
    description: 'What to take for true where the code in view does not say.',
    read: readAssumptions,
  },
};

function readRules(reader: Reader, node: Node): Readonly<Record<string, RuleSetting>> | undefined {
  const read = new Map<string, RuleSetting>();
  reader.each(node, 'rules', (key, value) => {
    const rule = reader.rules.find(({ id, name }) => id === key.name || name === key.name);
    const severity = SEVERITIES.find((one) => one === value.value);
    if (rule === undefined) reader.refuse(key.node, `there is no rule “${key.name}”`);
    else if (severity === undefined) reader.refuse(value, `there is no such severity${of(SEVERITIES)}`);
    else if (read.has(rule.id)) reader.refuse(key.node, `${rule.id} ${rule.name} is set twice`);
    else read.set(rule.id, severity);
  });
  return Object.fromEntries(read);
}

function readAssumptions(reader: Reader, node: Node): Assumptions {
  const parameters: AssumedParameter[] = [];
  const assumed: { batchSize?: number; backend?: string } = {};
  reader.each(node, 'assume', (key, value) => {
    const given: unknown = getNodeValue(value);
    if (key.name === 'batchSize') {
      if (typeof given === 'number' && Number.isInteger(given) && given > 0) assumed.batchSize = given;
      else reader.refuse(value, 'batchSize must be a whole number above 0');
    } else if (key.name === 'backend') {
      if (typeof given === 'string' && given !== '') assumed.backend = given;
      else reader.refuse(value, 'backend must be the name of one: "cpu", "wasm", "webgl", "webgpu", "tensorflow"');
    } else {
      const parameter = readParameter(reader, key, given as AssumedValue);
      if (parameter === undefined) reader.refuse(key.node, NO_ASSUMPTION);
      else parameters.push(parameter);
    }
  });
  return { ...assumed, ...(parameters.length > 0 ? { parameters } : {}) };
}

const NO_ASSUMPTION =
  'nothing of this name can be assumed: there are batchSize, backend and parameters such as "src/model.ts#build(inputSize)"';

function readParameter(reader: Reader, key: Key, value: AssumedValue): AssumedParameter | undefined {
  const [, file, name, parameter] = PARAMETER.exec(key.name) ?? [];
  if (file === undefined || name === undefined || parameter === undefined) return undefined;
  return { file: join(reader.folder, file), function: name, parameter, value, at: reader.place(key.node) };
}
