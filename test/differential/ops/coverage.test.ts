import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { methodsByName, opsByName } from '../../../src/analyzer/libraries/tfjs/ops';

const NAMESPACES = ['image', 'linalg', 'signal', 'spectral', 'sparse', 'losses', 'string', 'fused', 'browser'] as const;

/** Functions of `tf` that are no rows, by why. */
const NO_OPS: Readonly<Record<string, string>> = {
  'scopes, memory and timing': 'dispose disposeVariables keep memory nextFrame profile tidy time',
  'gradients, which take functions': 'customGrad grad grads valueAndGrad valueAndGrads variableGrads',
  'the engine and its backends':
    'backend copyRegisteredKernels deprecationWarn disableDeprecationWarnings enableDebugMode enableProdMode engine env findBackend findBackendFactory forceHalfFloat getBackend getGradient getKernel getKernelsForBackend ready registerBackend registerGradient registerKernel removeBackend setBackend setPlatform setWebGLContext unregisterGradient unregisterKernel',
  'helpers on dtypes and on op functions': 'op sumOutType upcastType',
  'models, layers and their parts':
    'deregisterOp input loadGraphModel loadGraphModelSync loadLayersModel model registerCallbackConstructor registerOp sequential',
  'optimizers, by constructors': 'train',
};

/** Members of tensors that are no rows, by why. */
const NO_METHODS: Readonly<Record<string, string>> = {
  'plain facts of the object': 'constructor rank isDisposed toString bytes',
  'reading values out, which only a run knows': 'array arraySync buffer bufferSync data dataSync dataToGPU',
  'memory and printing': 'dispose throwIfDisposed print',
};

function left(names: readonly string[], has: (name: string) => boolean, reasons: Readonly<Record<string, string>>) {
  const excused = new Set(Object.values(reasons).flatMap((list) => list.split(' ')));
  return names.filter((name) => !has(name) && !excused.has(name));
}

/** Functions that are called, not classes. */
const functions = (space: object): string[] =>
  Object.entries(space)
    .filter(([name, value]) => typeof value === 'function' && !/^[A-Z]/.test(name))
    .map(([name]) => name);

describe('the op tables hold what tfjs exports', () => {
  it('every function of tf has a row or a reason', () => {
    expect(left(functions(tf), (name) => opsByName.has(name), NO_OPS)).toEqual([]);
  });

  for (const space of NAMESPACES) {
    it(`every function of tf.${space} has a row`, () => {
      expect(left(functions(tf[space]), (name) => opsByName.has(`${space}.${name}`), {})).toEqual([]);
    });
  }

  it('every member of a tensor has a row or a reason', () => {
    const members = Object.getOwnPropertyNames(tf.Tensor.prototype);
    expect(left(members, (name) => methodsByName.has(name), NO_METHODS)).toEqual([]);
  });

  it('every row names a function or method that tfjs has', () => {
    const real = new Set([
      ...functions(tf),
      ...NAMESPACES.flatMap((space) => functions(tf[space]).map((name) => `${space}.${name}`)),
      ...functions(tf.math).map((name) => `math.${name}`),
    ]);
    expect([...opsByName.keys()].filter((name) => !real.has(name))).toEqual([]);
    expect([...methodsByName.keys()].filter((name) => !(name in tf.Tensor.prototype))).toEqual([]);
  });

  it('reasons are given for nothing that has a row, or that tfjs lacks', () => {
    const stale = [
      ...Object.values(NO_OPS).flatMap((l) => l.split(' ').filter((name) => opsByName.has(name) || !(name in tf))),
      ...Object.values(NO_METHODS).flatMap((l) =>
        l.split(' ').filter((name) => methodsByName.has(name) || !(name in tf.Tensor.prototype)),
      ),
    ];
    expect(stale).toEqual([]);
  });
});
