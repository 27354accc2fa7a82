import type { Interpreter } from '../../../interpreter/interpreter';
import {
  ArrayValue,
  HostObject,
  MISSING,
  NativeFunction,
  UnknownValue,
  type Value,
} from '../../../interpreter/values/values';
import { shape } from '../../../shapes/shape';
import type { LayerFact, Place, WeightFact } from '../../../trace/facts';
import { recordWrite } from '../weightsCopy';
import { makeTensor, shapeValue, TensorObject } from './tensor';

/** A layer's weight as tfjs hands it out (LayerVariable): `read()` gives the tensor. */
export class WeightObject extends HostObject {
  readonly type = 'weight';
  readonly tensor: TensorObject;
  readonly name: string;
  /** The list that it was taken from. */
  readonly which: 'all' | 'trainable';

  constructor(tensor: TensorObject, name: string, which: 'all' | 'trainable') {
    super();
    this.tensor = tensor;
    this.name = name;
    this.which = which;
  }

  get(name: string, interpreter: Interpreter, at: Place): Value | typeof MISSING {
    switch (name) {
      case 'read':
        return new NativeFunction(name, () => this.tensor);
      case 'val':
        return this.tensor;
      case 'write':
        return new NativeFunction(name, ({ args: [value], at: writtenAt }) => {
          if (value instanceof TensorObject)
            recordWrite(interpreter, this.tensor.fact, value.fact, this.which, writtenAt);
          return this;
        });
      case 'shape':
        return shapeValue(this.tensor.fact.shape, interpreter, at, undefined);
      case 'name':
      case 'originalName':
        return this.name;
      case 'trainable':
        return this.tensor.fact.variable?.trainable;
      case 'dispose':
        return new NativeFunction(name, () => undefined);
      default:
        return MISSING;
    }
  }
}

export function makeWeight(
  interpreter: Interpreter,
  layer: LayerFact,
  weight: WeightFact,
  at: Place,
  which: 'all' | 'trainable' = 'all',
): WeightObject {
  const name = `${layer.name}/${weight.name}`;
  const tensor = makeTensor(interpreter, at, shape(weight.shape), {
    dtype: 'float32',
    name,
    variable: { name, trainable: weight.trainable, layer },
  });
  return new WeightObject(tensor, name, which);
}

/** The weights of a layer that fit; a list of unknown length where they are not known. */
export function weightsList(
  layer: LayerFact,
  fits: (weight: WeightFact) => boolean,
  interpreter: Interpreter,
  at: Place,
  which: 'all' | 'trainable' = 'all',
): ArrayValue {
  const { weights } = layer;
  const list =
    weights === undefined
      ? new ArrayValue(
          [],
          new UnknownValue(interpreter.reason('unsupported', at, `the weights of ${layer.name} are not known`)),
        )
      : new ArrayValue(weights.filter(fits).map((w) => makeWeight(interpreter, layer, w, at, which)));
  list.source = { of: layer, which };
  return list;
}

/** The values of weights, as `getWeights` gives them: tensors, of the same origin. */
export function valuesOf(weights: ArrayValue): ArrayValue {
  const values = new ArrayValue(
    weights.elements.map((weight) => (weight instanceof WeightObject ? weight.tensor : weight)),
    weights.rest,
  );
  values.source = weights.source;
  return values;
}
