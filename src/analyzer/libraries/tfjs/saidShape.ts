import type { Interpreter } from '../../interpreter/interpreter';
import { joinAll } from '../../interpreter/values/join';
import { isUnknown, UnionValue, type Value } from '../../interpreter/values/values';
import { type Dim, isDefinite, showDim } from '../../shapes/dim';
import { axis, dimsOf, shape as makeShape, type Shape } from '../../shapes/shape';
import type { Place } from '../../trace/facts';
import { makeTensor, TensorObject } from './objects/tensor';

/** Axes of a batch of so many dimensions, as Keras reads them. */
const ROLES = {
  2: ['batch', 'channel'],
  3: ['batch', 'time', 'channel'],
  4: ['batch', 'height', 'width', 'channel'],
} as const;

/**
 * A value whose author says its shape: inference keeps what it knows, and takes the rest from the author. Where the two
 * contradict each other the fact is recorded. Undefined where the value is no tensor.
 */
export function ofSaidShape(
  value: Value,
  dims: readonly Dim[],
  interpreter: Interpreter,
  at: Place,
): Value | undefined {
  if (value instanceof UnionValue) {
    const options = value.options.map((option) => ofSaidShape(option, dims, interpreter, at) ?? option);
    return joinAll(options);
  }
  if (isUnknown(value)) {
    // Only a Keras tensor has sizes that are null.
    const symbolic = dims.includes(null);
    const tensor = makeTensor(interpreter, at, makeShape(dims, rolesOf(dims)), { symbolic }, value.reason);
    tensor.vague = true;
    return tensor;
  }
  return value instanceof TensorObject ? refine(value, dims, interpreter, at) : undefined;
}

/** A named size in front is a batch by every convention; of `[28, 28, 1]` nobody knows. */
function rolesOf(dims: readonly Dim[]): (typeof ROLES)[keyof typeof ROLES] | undefined {
  const [first] = dims;
  const leads = first === null || (first !== undefined && /^(?:b|n|batch\w*)$/i.test(showDim(first)));
  return leads ? ROLES[dims.length as keyof typeof ROLES] : undefined;
}

function refine(tensor: TensorObject, dims: readonly Dim[], interpreter: Interpreter, at: Place): TensorObject {
  const { fact } = tensor;
  const inferred = fact.shape;
  if (contradicts(inferred, dims)) {
    interpreter.record({ kind: 'shapeContradicted', at, tensor: fact, said: dims, inferred: dimsOf(inferred) ?? [] });
    return tensor;
  }
  const refined: Shape =
    inferred === null
      ? makeShape(dims, rolesOf(dims))
      : inferred.map((known, i) => {
          const said = dims[i] ?? '?';
          const keeps = known.dim === null || typeof known.dim === 'number' || !isDefinite(said);
          const better = !keeps;
          return better ? axis(said, known.role) : known;
        });
  if (inferred !== null && refined.every((a, i) => a === inferred[i])) return tensor;
  // What the line itself has made is of that shape; what it only names anew is so from here on.
  const fresh = fact.name === undefined && fact.producer !== undefined;
  if (fresh) fact.shape = refined;
  const told = new TensorObject(fresh ? fact : { ...fact, shape: refined }, tensor.reason);
  told.vague = tensor.vague;
  told.depth = tensor.depth;
  told.optional = tensor.optional;
  return told;
}

/** Ranks that differ, or numbers. */
function contradicts(inferred: Shape, dims: readonly Dim[]): boolean {
  if (inferred === null) return false;
  if (inferred.length !== dims.length) return true;
  return inferred.some(({ dim }, i) => typeof dim === 'number' && typeof dims[i] === 'number' && dim !== dims[i]);
}
