import type { Interpreter } from '../../interpreter/interpreter';
import type { Library } from '../../interpreter/library';
import { type NativeFunction, PromiseValue, type Value } from '../../interpreter/values/values';
import type { TypeNode } from '../../program/nodes';
import { type Dim, symbol } from '../../shapes/dim';
import { shape, unknownOfRank } from '../../shapes/shape';
import { row } from '../../table';
import type { Place } from '../../trace/facts';
import { compilerHelpers, globals, members, RegExpValue, tslib } from '../javascript';
import { tf } from './namespace';
import { LayerObject } from './objects/layer';
import { makeTensor, TensorObject } from './objects/tensor';
import { ofSaidShape } from './saidShape';

/** The packages that give the namespace `tf`, whole or in part. */
const PACKAGES = new Set([
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs-node-gpu',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-data',
  '@tensorflow/tfjs-converter',
  '@tensorflow/tfjs-react-native',
]);

/** The library's own file, kept beside the code: as its releases name it, or rebuilt as one ES module. */
const OWN_FILE = /(?:^|\/)(?:tf(?:\.(?:es2017|fesm|esm))?\.min|tf\.(?:es2017|fesm|esm)|tfjs\.esm)(?:\.m?js)?$/;

/**
 * `@tensorflow/tfjs` of `@tensorflow/tfjs/dist/index.js`, `npm:@tensorflow/tfjs@4`, `https://esm.sh/@tensorflow/tfjs@4.22.0`,
 * and of `../dist/tfjs.esm.js`.
 */
function packageOf(specifier: string): string {
  if (OWN_FILE.test(specifier)) return '@tensorflow/tfjs';
  const remote = /^(?:npm:|https?:\/\/.*?\/)(@tensorflow\/[\w-]+)/.exec(specifier)?.[1];
  return remote ?? specifier.replace(/\/dist\/.*$/, '');
}

const RANKS: Readonly<Record<string, number>> = {
  Scalar: 0,
  Tensor1D: 1,
  Tensor2D: 2,
  Tensor3D: 3,
  Tensor4D: 4,
  Tensor5D: 5,
  Tensor6D: 6,
};

/** `tf.Tensor<tf.Rank.R3>` */
function rankOf(type: TypeNode & { kind: 'name' }): number | undefined {
  const name = type.name.replace(/^.*\./, '');
  const alias = row(RANKS, name);
  if (alias !== undefined) return alias;
  const [arg] = type.args;
  const rank = arg?.kind === 'name' ? /(?:^|\.)R([0-6])$/.exec(arg.name)?.[1] : undefined;
  return rank === undefined ? undefined : Number(rank);
}

/** A shape of which only the rank is declared: its sizes by name, `x.shape[0]`. */
const sizesOf = (name: string, rank: number): ReturnType<typeof shape> => shape(namedSizes(name, rank));

const namedSizes = (name: string, rank: number): readonly Dim[] =>
  Array.from({ length: rank }, (_, i) => symbol(`${name}.shape[${i}]`));

/** The names that programs give to the library. */
const BY_CUSTOM = /^_?(?:tf|tfjs|tensorflow)$/i;

/** Members that nothing else has which is called `tf`: a time frame, a text field, a term frequency. */
const USES =
  'layers|train|browser|losses|tidy|sequential|tensor(?:[1-6]d)?|scalar|variableGrads|load(?:Layers|Graph)Model|setBackend|nextFrame|matMul|oneHot|zeros|ones|random(?:Normal|Uniform)|softmax|relu';

/** Whether a program says `tf.layers.…`, `this.tf.tidy(…)` and the like. */
const usesAsLibrary = (name: string, text: string): boolean =>
  new RegExp(`(?<![\\w$])${name}\\s*[!?]?\\.\\s*(?:${USES})\\b`).test(text);

/** The front end has the helpers that a file defines for itself stand for those of `tslib`. */
const helperOf = (name: string): Value =>
  name.startsWith('tslib.') ? compilerHelpers.get(name.slice('tslib.'.length)) : undefined;

/** What the analyzer knows of TensorFlow.js, and of the language itself. */
export const tfjs: Library = {
  members,
  module: (specifier) => (PACKAGES.has(packageOf(specifier)) ? tf : specifier === 'tslib' ? tslib : undefined),
  global: (name) => (name === 'tf' ? tf : (globals.get(name) ?? helperOf(name))),
  customary: {
    isName: (name) => BY_CUSTOM.test(name),
    meant: (name, text) => (usesAsLibrary(name, text) ? tf : undefined),
  },
  ofType(type, name, interpreter: Interpreter, at: Place): Value | undefined {
    const last = type.name.replace(/^.*\./, '');
    const rank = rankOf(type);
    const tensor = (shape: ReturnType<typeof unknownOfRank> | null, symbolic: boolean): TensorObject =>
      makeTensor(
        interpreter,
        at,
        shape,
        { symbolic, name },
        interpreter.reason('parameter', at, `${name ?? 'a tensor'} is known by its type only`),
      );
    if (rank !== undefined) return tensor(name === undefined ? unknownOfRank(rank) : sizesOf(name, rank), false);
    if (last === 'Tensor' || last === 'Variable') return tensor(null, false);
    if (last === 'SymbolicTensor') return tensor(null, true);
    if (last === 'Promise' && type.args[0]?.kind === 'name') {
      const inner = this.ofType(type.args[0], name, interpreter, at);
      return inner === undefined ? undefined : new PromiseValue(inner);
    }
    return undefined;
  },
  narrow(value, type, name, interpreter, at): Value | undefined {
    if (!(value instanceof TensorObject)) return undefined;
    const rank = rankOf(type);
    if (value.fact.shape !== null) {
      // Behind `switch (x.rank)` a cast to another rank says that this value does not come here.
      if (rank === undefined || rank === value.fact.shape.length || interpreter.context.certain) return undefined;
      const reason = interpreter.reason('branch', at, `a tensor of rank ${rank} is meant here`);
      return makeTensor(interpreter, at, unknownOfRank(rank), { symbolic: value.fact.symbolic, name }, reason);
    }
    const label = name ?? value.fact.name;
    const sizes = (n: number): readonly Dim[] =>
      label === undefined ? new Array<Dim>(n).fill('?') : namedSizes(label, n);
    return rank === undefined ? undefined : ofSaidShape(value, sizes(rank), interpreter, at);
  },
  regExp: (pattern, flags) => new RegExpValue(pattern, flags),
  ofShape: ofSaidShape,
  isInstance(value: Value, of: NativeFunction): boolean | undefined {
    if (of.name === 'Tensor') return value instanceof TensorObject && !value.fact.symbolic;
    if (of.name === 'Layer') return value instanceof LayerObject;
    return undefined;
  },
};
