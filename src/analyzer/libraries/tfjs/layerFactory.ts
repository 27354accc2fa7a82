import { ArrayValue, type Call, NativeFunction, ObjectValue, type Value } from '../../interpreter/values/values';
import type { LayerFact } from '../../trace/facts';
import { type LayerSpec, layerOf } from '../layerSpec';
import { Options } from '../options';
import type { PlainRecord } from '../plain';
import { Refused } from '../refused';
import { doubtOptions } from './doubt';
import { layersByName } from './layers';
import { LayerObject } from './objects/layer';
import { optionFacts, optionValue, plainOf } from './plainOf';
import { namesOf, stateOf } from './state';

/** `tf.layers.conv2d` and the other factories, by name. */
export const layerFactories: ReadonlyMap<string, NativeFunction> = new Map(
  [...layersByName].map(([name, spec]) => [name, new NativeFunction(name, (call) => makeLayer(spec, call))]),
);

/** Calls a factory: the layer, its name as tfjs would give it, and what the constructor refuses. */
function makeLayer(spec: LayerSpec, { interpreter, args, argsAt, at }: Call): Value {
  const [config] = args;
  const state = stateOf(interpreter);
  const plain = plainOf(config);
  const record: PlainRecord =
    typeof plain === 'object' && plain !== null && 'kind' in plain && plain.kind === 'record'
      ? plain
      : { kind: 'record', entries: new Map(), open: typeof config === 'object' && config !== null };
  const given = record.entries.get('name');
  const fact: LayerFact = {
    id: state.id(),
    type: spec.type,
    className: spec.className,
    name:
      typeof given === 'string' && given !== ''
        ? given
        : spec.type === 'inputLayer'
          ? namesOf(interpreter).input()
          : namesOf(interpreter).layer(spec.className),
    at,
    optionsAt: config instanceof ObjectValue ? (config.at ?? argsAt[0]) : undefined,
    options: optionFacts(config),
    optionsOpen: record.open,
    positional: config instanceof ObjectValue || config === undefined ? [] : args.map((a) => optionValue(a)),
    weights: undefined,
    trainable: trainableOption(record),
    wrapper: undefined,
    inner: innerLayers(config),
    model: undefined,
    madeIn: interpreter.context.activation,
  };
  for (const inner of fact.inner) inner.wrapper = fact;
  const doubted = doubtOptions(record);
  const layer = new LayerObject(
    fact,
    layerOf(spec, record),
    doubted === undefined ? undefined : layerOf(spec, doubted),
  );
  interpreter.journal.born(layer);
  state.layers.set(fact, layer);
  interpreter.record({ kind: 'layerMade', at, layer: fact });
  const error = refusedBy(spec, record);
  if (error !== undefined && (doubted === undefined || refusedBy(spec, doubted) !== undefined)) {
    interpreter.record({
      kind: 'refusal',
      at,
      refusal: error.refusal,
      api: `tf.layers.${spec.type}`,
      layer: fact,
      inputs: [],
    });
  }
  return layer;
}

function refusedBy(spec: LayerSpec, record: PlainRecord): Refused | undefined {
  try {
    spec.construct?.(new Options(record));
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

function trainableOption(record: PlainRecord): boolean | undefined {
  const value = record.entries.get('trainable');
  if (value === undefined || value === null) return record.open ? undefined : true;
  return typeof value === 'boolean' ? value : undefined;
}

const INNER = ['layer', 'cell', 'cells'];

function innerLayers(config: Value): LayerFact[] {
  const inner: LayerFact[] = [];
  if (!(config instanceof ObjectValue)) return inner;
  for (const key of INNER) {
    const value = config.properties.get(key)?.value;
    for (const v of value instanceof ArrayValue ? value.elements : [value]) {
      const object = v instanceof ObjectValue ? v.slot : v;
      if (object instanceof LayerObject) inner.push(object.fact);
    }
  }
  return inner;
}
