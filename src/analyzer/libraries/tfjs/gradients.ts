import type { Interpreter } from '../../interpreter/interpreter';
import {
  ArrayValue,
  type Call,
  HostObject,
  MISSING,
  NativeFunction,
  ObjectValue,
  UnknownValue,
  type Value,
} from '../../interpreter/values/values';
import type { GradientFact, Place, TensorFact } from '../../trace/facts';
import { makeTensor, TensorObject, tensorsIn } from './objects/tensor';
import { WeightObject } from './objects/weights';
import { optionFacts, optionValue } from './plainOf';

/** Runs `body` as what is derived, and records the region with the tensors that the derivative is taken by. */
function region(
  interpreter: Interpreter,
  api: string,
  at: Place,
  variables: readonly TensorFact[] | undefined,
  all: boolean,
  inputs: readonly TensorFact[],
  body: () => Value,
): Value {
  const gradient: GradientFact = { api, at, variables, allVariables: all, outer: interpreter.context.gradient };
  const value = interpreter.within({ gradient }, body);
  interpreter.record({
    kind: 'gradientRegion',
    at,
    region: gradient,
    inputs,
    outputs: tensorsIn(value)?.map((t) => t.fact) ?? [],
  });
  return value;
}

/** A gradient has the shape of what it is taken by. */
function gradientOf(interpreter: Interpreter, value: Value, at: Place): Value {
  if (value instanceof TensorObject)
    return makeTensor(interpreter, at, value.fact.shape, { dtype: 'float32' }, value.reason);
  return interpreter.because(value) ?? interpreter.unknown('unsupported', at, 'the gradient of what is not known');
}

/** The variables of a list: tensors, or the weights of layers and models. */
function variablesOf(value: Value): readonly TensorFact[] | undefined {
  if (!(value instanceof ArrayValue) || value.rest !== undefined) return undefined;
  const facts = value.elements.map((e) =>
    e instanceof TensorObject ? e.fact : e instanceof WeightObject ? e.tensor.fact : undefined,
  );
  return facts.every((f) => f !== undefined) ? facts : undefined;
}

/** `tf.grad(f)` and its kin: functions that derive `f` when they are called. */
function derivative(api: string, many: boolean, withValue: boolean): (call: Call) => Value {
  return ({ args: [f] }) =>
    new NativeFunction(`${api}(f)`, ({ interpreter, args: [x], at }) => {
      const inputs = many && x instanceof ArrayValue ? x.elements : [x];
      const facts = inputs.flatMap((i) => (i instanceof TensorObject ? [i.fact] : []));
      const value = region(interpreter, api, at, facts, false, facts, () => interpreter.call(f, inputs, at));
      const gradients = inputs.map((i) => gradientOf(interpreter, i, at));
      const result = many ? new ArrayValue(gradients) : gradients[0];
      return withValue ? ObjectValue.of({ value, [many ? 'grads' : 'grad']: result }) : result;
    });
}

/** `tf.variableGrads(f, variables)`, `optimizer.computeGradients(f, variables)` */
function variableGrads(api: string): (call: Call) => Value {
  return ({ interpreter, args: [f, list], at }) => {
    const variables = list === undefined ? undefined : variablesOf(list);
    const value = region(interpreter, api, at, variables, list === undefined, [], () => interpreter.call(f, [], at));
    const grads = new ObjectValue();
    grads.open = new UnknownValue(interpreter.reason('unsupported', at, 'gradients by the name of their variable'));
    return ObjectValue.of({ value, grads });
  };
}

/** `tf.customGrad(f)`: the value is that of `f`; what it says of its gradient is looked at as well. */
function customGrad({ args: [f] }: Call): Value {
  return new NativeFunction('customGrad(f)', ({ interpreter, args, at }) => {
    const save = new NativeFunction('save', () => undefined);
    const result = interpreter.call(f, [...args, save], at);
    interpreter.visitCallbacks([interpreter.get(result, 'gradFunc', at)], at);
    return interpreter.get(result, 'value', at);
  });
}

export const gradientFunctions: ReadonlyMap<string, NativeFunction> = new Map(
  Object.entries({
    grad: derivative('grad', false, false),
    grads: derivative('grads', true, false),
    valueAndGrad: derivative('valueAndGrad', false, true),
    valueAndGrads: derivative('valueAndGrads', true, true),
    variableGrads: variableGrads('variableGrads'),
    customGrad,
  }).map(([name, call]) => [name, new NativeFunction(name, call)]),
);

/** `tf.train.adam(…)` and the other optimizers. */
class OptimizerObject extends HostObject {
  readonly type = 'optimizer';

  get(name: string): Value | typeof MISSING {
    switch (name) {
      case 'minimize':
        return new NativeFunction(name, (call) => {
          const {
            interpreter,
            args: [f, returnCost, list],
            at,
          } = call;
          const { value } = { value: variableGrads('minimize')({ ...call, args: [f, list] }) };
          interpreter.record({ kind: 'optimizerStep', at, api: 'minimize' });
          return returnCost === true || returnCost instanceof UnknownValue ? interpreter.get(value, 'value', at) : null;
        });
      case 'computeGradients':
        return new NativeFunction(name, variableGrads('computeGradients'));
      case 'applyGradients':
        return new NativeFunction(name, ({ interpreter, at }) => {
          interpreter.record({ kind: 'optimizerStep', at, api: 'applyGradients' });
          return undefined;
        });
      case 'dispose':
      case 'setWeights':
        return new NativeFunction(name, () => undefined);
      default:
        return MISSING;
    }
  }
}

const OPTIMIZERS = ['sgd', 'momentum', 'adam', 'adamax', 'adagrad', 'adadelta', 'rmsprop'];

/** `tf.train` */
export const optimizerFunctions: ReadonlyMap<string, NativeFunction> = new Map(
  OPTIMIZERS.map((name) => [
    name,
    new NativeFunction(name, ({ interpreter, args, argsAt, at }) => {
      const [first] = args;
      interpreter.record({
        kind: 'optimizerMade',
        at,
        name,
        args: args.map((value, i) => ({ value: optionValue(value), at: argsAt[i] })),
        options: first instanceof ObjectValue && first.open === undefined ? optionFacts(first) : undefined,
      });
      return new OptimizerObject();
    }),
  ]),
);
