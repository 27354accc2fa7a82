import type { Interpreter } from '../../../src/analyzer/interpreter/interpreter';
import { type RunOptions, run } from '../../../src/analyzer/interpreter/run';
import {
  ArrayValue,
  HostObject,
  isUnknown,
  ObjectValue,
  PromiseValue,
  UnionValue,
  type Value,
} from '../../../src/analyzer/interpreter/values/values';
import { tfjs } from '../../../src/analyzer/libraries/tfjs';
import { TensorObject } from '../../../src/analyzer/libraries/tfjs/objects/tensor';
import { isPoly, showDim } from '../../../src/analyzer/shapes/dim';
import { showShape } from '../../../src/analyzer/shapes/shape';
import { Sources } from '../../../src/analyzer/workspace/sources';

/** A value as plain data: `{unknown}` with the reason's code, `{union}`, sizes and tensors in words. */
export function plain(value: Value): unknown {
  if (isPoly(value)) return showDim(value);
  if (isUnknown(value)) return { unknown: value.reason.code };
  if (value instanceof UnionValue) return { union: value.options.map(plain) };
  if (value instanceof PromiseValue) return plain(value.value);
  if (value instanceof ArrayValue)
    return value.rest === undefined
      ? value.elements.map(plain)
      : { list: value.elements.map(plain), rest: plain(value.rest) };
  if (value instanceof ObjectValue)
    return Object.fromEntries([...value.properties].map(([key, p]) => [key, plain(p.value)]));
  if (value instanceof TensorObject) return showShape(value.fact.shape);
  if (value instanceof HostObject) return `<${value.type}>`;
  return typeof value === 'object' && value !== null ? `<${value.kind}>` : value;
}

export interface Evaluated {
  readonly interpreter: Interpreter;
  /** A variable of the entry file's top level. */
  get(name: string): unknown;
}

/** Runs the files; the first is the entry. */
export function evaluate(files: Readonly<Record<string, string>> | string, options: RunOptions = {}): Evaluated {
  const all = typeof files === 'string' ? { '/main.ts': files } : files;
  const [entry = ''] = Object.keys(all);
  const interpreter = run(new Sources({ read: (path) => all[path] }), tfjs, [entry], options);
  const scope = interpreter.modules.records.get(entry)?.scope;
  return {
    interpreter,
    get(name) {
      const variable = scope?.lookup(name);
      return plain(variable?.alias === undefined ? variable?.value : variable.alias());
    },
  };
}
