import type { Place } from '../trace/facts';
import type { Interpreter } from './interpreter';
import type { Frame } from './scope';
import { fromJson } from './values/json';
import type { Value } from './values/values';

/** A value as JSON has it. */
export type AssumedValue =
  | string
  | number
  | boolean
  | null
  | readonly AssumedValue[]
  | { readonly [key: string]: AssumedValue };

/** What is taken for true where the code in view does not say. */
export interface Assumptions {
  /** Samples a batch in training. */
  readonly batchSize?: number;
  /** As if `tf.setBackend` had been called with it before everything else. */
  readonly backend?: string;
  readonly parameters?: readonly AssumedParameter[];
}

/** What a parameter of a function is worth that nobody in view calls. */
export interface AssumedParameter {
  readonly file: string;
  /** `build`, `Net.build` for a method, `Net` for a constructor. */
  readonly function: string;
  /** A parameter's name, or that of a property which a parameter takes apart. */
  readonly parameter: string;
  readonly value: AssumedValue;
  /** Where it was written down. */
  readonly at?: Place;
}

/** The value that is assumed for a parameter of the function that a frame runs; undefined for none. */
export function assumedValue(interpreter: Interpreter, parameter: string | undefined, frame: Frame): Value {
  const { parameters } = interpreter.assumptions;
  if (parameters === undefined || parameter === undefined) return undefined;
  const names = namesOf(frame);
  const found = parameters.find(
    (assumed) => assumed.file === frame.file && assumed.parameter === parameter && names.includes(assumed.function),
  );
  if (found === undefined) return undefined;
  interpreter.taken.add(found);
  return fromJson(found.value);
}

function namesOf({ activation }: Frame): readonly string[] {
  const { name, owner } = activation ?? {};
  if (name === undefined) return [];
  if (owner === undefined) return [name];
  return name === 'constructor' ? [owner, `${owner}.constructor`] : [`${owner}.${name}`];
}

/** The place of what nobody wrote: the beginning of the first file. */
export function assumedPlace(file: string): Place {
  return { file, start: 0, end: 0 };
}
