// What `tf.model` and `tf.sequential` share.
import type { Interpreter } from '../../interpreter/interpreter';
import type { Dim } from '../../shapes/dim';
import { type Axis, axis, shape as makeShape, type Role } from '../../shapes/shape';
import type { ModelFact, Place, RefusalCode } from '../../trace/facts';
import { isCertainName } from './layers';
import { stateOf } from './state';

const ROLES: Readonly<Record<number, readonly (Role | undefined)[]>> = {
  2: ['batch', 'channel'],
  3: ['batch', 'time', 'channel'],
  4: ['batch', 'height', 'width', 'channel'],
  5: ['batch', 'depth', 'height', 'width', 'channel'],
};

export function inputAxes(dims: readonly Dim[]): readonly Axis[] {
  const roles = ROLES[dims.length];
  return roles === undefined ? dims.map((d, i) => axis(d, i === 0 ? 'batch' : undefined)) : makeShape(dims, roles);
}

/** A model without layers. */
export function modelFact(interpreter: Interpreter, kind: ModelFact['kind'], name: string, at: Place): ModelFact {
  return {
    id: stateOf(interpreter).id(),
    name,
    kind,
    at,
    layers: [],
    exact: true,
    inputs: [],
    outputs: [],
    calls: [],
    trainable: true,
  };
}

export function refusal(
  interpreter: Interpreter,
  code: RefusalCode,
  message: string,
  api: string,
  at: Place,
  argument?: string,
  original?: string,
): void {
  interpreter.record({
    kind: 'refusal',
    at,
    refusal: { code, message, original, when: 'call', argument },
    api,
    layer: undefined,
    inputs: [],
  });
}

/** Container's constructor: names are unique within a model. A layer that is there twice is one layer. */
export function refuseDoubleNames(interpreter: Interpreter, model: ModelFact, api: string, at: Place): void {
  const layers = [...new Set(model.layers)];
  const twice = layers.find(
    ({ name }, i) => isCertainName(name) && layers.findIndex((other) => other.name === name) !== i,
  );
  if (twice === undefined) return;
  refusal(
    interpreter,
    'graph',
    `two layers of this model are named "${twice.name}"`,
    api,
    at,
    undefined,
    `The name "${twice.name}" is used`,
  );
}
