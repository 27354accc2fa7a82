import type { Interpreter } from '../../interpreter/interpreter';
import { joinAll } from '../../interpreter/values/join';
import {
  type Call,
  HostObject,
  type MISSING,
  NativeFunction,
  NOWHERE,
  ObjectValue,
  PromiseValue,
  truth,
  UnknownValue,
  type Value,
} from '../../interpreter/values/values';
import { symbol } from '../../shapes/dim';
import type { Place } from '../../trace/facts';
import { dataFunctions } from './data';
import { gradientFunctions, optimizerFunctions } from './gradients';
import { layerFactories } from './layerFactory';
import { loadGraphModel, loadLayersModel, modelFromJSON } from './loading';
import { constructFunctional, modelFunctions } from './models';
import { constructCustomLayer } from './objects/customLayer';
import { opFunction, opNamespaces } from './opCalls';
import { constructSequential } from './sequential';

/** An object of the library whose members a table gives; others are unknown, and the reading of them is a fact. */
class Namespace extends HostObject {
  readonly type: string;
  readonly #members: (name: string) => Value;
  readonly #closed: boolean;

  constructor(type: string, members: (name: string) => Value, closed = true) {
    super();
    this.type = type;
    this.#members = members;
    this.#closed = closed;
  }

  get(name: string, interpreter: Interpreter, at: Place): Value | typeof MISSING {
    const member = this.#members(name);
    if (member !== undefined) return member;
    if (this.#closed)
      interpreter.record({
        kind: 'member',
        at,
        owner: this.type,
        member: name,
        how: 'property',
        exists: false,
        op: undefined,
      });
    return new UnknownValue(
      interpreter.reason('unsupported', at, `${this.type}.${name} is not followed`),
      `${this.type}.${name}`,
      symbol,
    );
  }
}

type Native = (call: Call) => Value;

function natives(table: Readonly<Record<string, Native>>): ReadonlyMap<string, NativeFunction> {
  return new Map(Object.entries(table).map(([name, call]) => [name, new NativeFunction(name, call)]));
}

const nothing: Native = () => undefined;
/** Keeps functions that the library calls later. */
const keeping: Native = ({ interpreter, args, at }) => {
  interpreter.visitCallbacks(args, at);
  return undefined;
};
const opaque =
  (type: string): Native =>
  () =>
    new ObjectValue(new Map([['$type', { value: type }]]));

/** `tf.tidy(name?, f)`: what `f` gives. */
const tidy: Native = ({ interpreter, args, at }) => interpreter.call(args.length > 1 ? args[1] : args[0], [], at);

const timed: Native = ({ interpreter, args: [f], at }) => {
  interpreter.call(f, [], at);
  return new PromiseValue(interpreter.unknown('runtime-data', at, 'a measurement'));
};

const lost =
  (text: string): Native =>
  ({ interpreter, at }) =>
    interpreter.unknown('runtime-data', at, text);

const FUNCTIONS = natives({
  tidy,
  keep: ({ args: [value] }) => value,
  dispose: nothing,
  disposeVariables: nothing,
  nextFrame: () => new PromiseValue(undefined),
  ready: () => new PromiseValue(undefined),
  enableProdMode: nothing,
  enableDebugMode: nothing,
  disableDeprecationWarnings: nothing,
  registerBackend: keeping,
  registerKernel: keeping,
  setPlatform: keeping,
  memory: lost('memory in use'),
  time: timed,
  profile: timed,
  getBackend: lost('the backend in use'),
  backend: lost('the backend in use'),
  engine: lost('the engine'),
  env: lost('the environment'),
  setBackend: ({ interpreter, args: [name], at }) => {
    interpreter.record({ kind: 'backend', at, name: typeof name === 'string' ? name : undefined });
    return new PromiseValue(interpreter.unknown('runtime-data', at, 'whether the backend could be used'));
  },
  loadLayersModel,
  loadGraphModel,
  loadGraphModelSync: lost('a model that is loaded'),
  // Their names before version 1.
  loadModel: loadLayersModel,
  loadFrozenModel: loadGraphModel,
  callbacks: opaque('callbacks'),
  registerCallbackConstructor: keeping,
});

/** Base classes that users extend. */
const CLASSES: ReadonlyMap<string, NativeFunction> = new Map([
  ['Layer', new NativeFunction('Layer', lost('an instance of the base class'), { construct: constructCustomLayer })],
  [
    'Sequential',
    new NativeFunction('Sequential', (call) => constructSequential(call), { construct: constructSequential }),
  ],
  [
    'LayersModel',
    new NativeFunction('LayersModel', (call) => constructFunctional(call), { construct: constructFunctional }),
  ],
  ['Callback', new NativeFunction('Callback', opaque('callback'), { construct: () => undefined })],
  ['CustomCallback', new NativeFunction('CustomCallback', opaque('callback'), { construct: () => undefined })],
  ['Tensor', new NativeFunction('Tensor', lost('a tensor made by its class'))],
  ['Variable', new NativeFunction('Variable', lost('a variable made by its class'))],
]);

const everyName = (type: string): Value => new Namespace(type, (name) => new NativeFunction(name, opaque(type)), false);

const LAYERS = new Namespace('tf.layers', (name) =>
  name === 'input' ? modelFunctions.get('input') : (layerFactories.get(name) ?? CLASSES.get(name)),
);

const NAMESPACES: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['layers', LAYERS],
  [
    'train',
    new Namespace(
      'tf.train',
      (name) =>
        optimizerFunctions.get(name) ??
        (name === 'Optimizer' ? new NativeFunction(name, opaque('optimizer')) : undefined),
      false,
    ),
  ],
  ['data', new Namespace('tf.data', (name) => dataFunctions.get(name), false)],
  ['initializers', everyName('initializer')],
  ['regularizers', everyName('regularizer')],
  ['constraints', everyName('constraint')],
  ['metrics', everyName('metric')],
  ['callbacks', everyName('callback')],
  [
    'serialization',
    new Namespace(
      'tf.serialization',
      (name) => (name === 'registerClass' ? new NativeFunction(name, nothing) : undefined),
      false,
    ),
  ],
  ['util', new Namespace('tf.util', (name) => UTIL.get(name), false)],
  ['models', new Namespace('tf.models', (name) => MODELS.get(name), false)],
  ['io', new Namespace('tf.io', () => undefined, false)],
  ['version', new Namespace('tf.version', () => undefined, false)],
  ['version_core', '4.22.0'],
]);

const MODELS = natives({ modelFromJSON });

/** An assertion that fails by what is known: what is known is not all, or the program ends here. What follows is no error. */
function asserted({ interpreter, args: [condition] }: Call): Value {
  if (truth(condition) === false) interpreter.context = { ...interpreter.context, certain: false, guarded: true };
  return undefined;
}

const UTIL = natives({
  shuffle: nothing,
  shuffleCombo: nothing,
  assert: asserted,
  now: lost('the time'),
  createShuffledIndices: lost('indices in a random order'),
  sizeFromShape: ({ interpreter, args: [shape], at }) => {
    const list = interpreter.get(shape, 'reduce', at);
    const times = new NativeFunction('times', ({ args: [a, b] }) =>
      typeof a === 'number' && typeof b === 'number' ? a * b : joinAll([a, b]),
    );
    return interpreter.call(list, [times, 1], at, shape);
  },
});

/** Op namespaces: `tf.image`, `tf.linalg`; those that also have a table of their own (losses, data) come second. */
const OPS: ReadonlyMap<string, Value> = new Map(
  [...opNamespaces].map((space) => [
    space,
    new Namespace(`tf.${space}`, (name) => opFunction(`${space}.${name}`), false),
  ]),
);

/** Constants of dtype and the like that are read and never followed. */
const OTHERS = new Set([
  'ENV',
  'Rank',
  'Reduction',
  'DataStorage',
  'KernelBackend',
  'Optimizer',
  'History',
  'EarlyStopping',
  'RNN',
  'RNNCell',
  'SymbolicTensor',
  'InputSpec',
  'GraphModel',
  'browser',
  'backend_util',
  'kernel_impls',
  'gather_util',
  'scatter_util',
  'slice_util',
  'tensor_util',
  'broadcast_util',
  'test_util',
  'device_util',
  'math',
  'sumOutType',
  'upcastType',
  'op',
  'scope',
  'node',
  'AdamOptimizer',
  'SGDOptimizer',
  'MomentumOptimizer',
  'AdagradOptimizer',
  'RMSPropOptimizer',
  'AdadeltaOptimizer',
  'AdamaxOptimizer',
  'TensorBuffer',
  'OptimizerConstructors',
  'LayerVariable',
]);

/** The namespace `tf`. */
export const tf: Value = new Namespace('tf', (name) => {
  if (name === 'default') return tf;
  const member =
    NAMESPACES.get(name) ??
    modelFunctions.get(name) ??
    gradientFunctions.get(name) ??
    FUNCTIONS.get(name) ??
    CLASSES.get(name) ??
    opFunction(name) ??
    OPS.get(name);
  return (
    member ??
    (OTHERS.has(name) || /^[A-Z]/.test(name)
      ? new UnknownValue({ code: 'unsupported', at: NOWHERE, text: `tf.${name} is not followed` }, `tf.${name}`)
      : undefined)
  );
});
