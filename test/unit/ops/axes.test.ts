import { describe, expect, it } from 'vitest';
import { callOf } from '../../../src/analyzer/libraries/opCall';
import type { OpResult, OpTensor } from '../../../src/analyzer/libraries/opSpec';
import { type Plain, type PlainTensor, UNKNOWN } from '../../../src/analyzer/libraries/plain';
import { Refused } from '../../../src/analyzer/libraries/refused';
import { methodsByName, opSpecs, opsByName } from '../../../src/analyzer/libraries/tfjs/ops';
import { type Dim, symbol } from '../../../src/analyzer/shapes/dim';
import { type Axis, type Role, type Shape, shape, showShape } from '../../../src/analyzer/shapes/shape';

const IMAGE: readonly Role[] = ['batch', 'height', 'width', 'channel'];

const of = (s: Shape, dtype: string | undefined = 'float32', scalar?: number): PlainTensor => ({
  kind: 'tensor',
  shape: s,
  dtype,
  scalar,
  symbolic: false,
});

const t = (dims: readonly Dim[], roles: readonly Role[] = []): PlainTensor => of(shape(dims, roles));

function run(name: string, ...args: readonly Plain[]): OpResult {
  const spec = opsByName.get(name) ?? methodsByName.get(name);
  if (spec === undefined) throw new Error(`no row ${name}`);
  return spec.run(callOf(spec, args));
}

function one(name: string, ...args: readonly Plain[]): OpTensor {
  const result = run(name, ...args);
  if (result.kind !== 'tensor') throw new Error(`${name} gave a ${result.kind}`);
  return result;
}

const axesOf = (x: PlainTensor | OpTensor): readonly Axis[] => x.shape ?? [];

/** Which of x's axes each axis of y is: its index, or undefined for a new one. */
const origins = (y: OpTensor, x: PlainTensor): (number | undefined)[] =>
  axesOf(y).map((a) => {
    const i = axesOf(x).findIndex((b) => b.id === a.id);
    return i < 0 ? undefined : i;
  });

describe('ops keep the identity of the axes that they keep', () => {
  const x = t([8, 6, 6, 3], IMAGE);

  it('elementwise ops keep all axes', () => {
    expect(one('relu', x).shape).toBe(x.shape);
    expect(origins(one('add', x, 1), x)).toEqual([0, 1, 2, 3]);
  });

  it('broadcasting takes the axis that is not of size 1', () => {
    const small = t([6, 1]);
    expect(origins(one('mul', x, small), x)).toEqual([0, 1, 2, 3]);
    expect(origins(one('mul', small, x), x)).toEqual([0, 1, 2, 3]);
  });

  it('a reduction drops its axes and keeps the others', () => {
    expect(origins(one('mean', x, [1, 2]), x)).toEqual([0, 3]);
    expect(one('sum', x).shape).toEqual([]);
  });

  it('with keepDims a reduced axis is a new one of size 1 in the same role', () => {
    const y = one('max', x, 3, true);
    expect(origins(y, x)).toEqual([0, 1, 2, undefined]);
    expect(axesOf(y)[3]).toMatchObject({ dim: 1, role: 'channel' });
  });

  it('moments of [6, 6] without keepDims leave one axis that is not the last of x, though the sizes agree', () => {
    const square = t([6, 6]);
    const result = run('moments', square, 1);
    if (result.kind !== 'record') throw new Error(result.kind);
    const mean = result.tensors.mean as OpTensor;
    expect(origins(mean, square)).toEqual([0]);
    expect(result.tensors.variance).toMatchObject({ dtype: 'float32' });
  });

  it('transpose permutes the axes themselves', () => {
    expect(origins(one('transpose', x, [0, 3, 1, 2]), x)).toEqual([0, 3, 1, 2]);
    expect(origins(one('transpose', x), x)).toEqual([3, 2, 1, 0]);
  });

  it('expandDims inserts and squeeze removes', () => {
    expect(origins(one('expandDims', x, 1), x)).toEqual([0, undefined, 1, 2, 3]);
    const y = t([8, 1, 3]);
    expect(origins(one('squeeze', y, [1]), y)).toEqual([0, 2]);
  });

  it('concat, pad and slice change the touched axis only, which keeps its role', () => {
    for (const y of [
      one('concat', [x, t([8, 6, 6, 5])], 3),
      one('pad', x, [
        [0, 0],
        [0, 0],
        [0, 0],
        [1, 1],
      ]),
      one('slice', x, [0, 0, 0, 1]),
    ]) {
      expect(origins(y, x)).toEqual([0, 1, 2, undefined]);
      expect(axesOf(y)[3]?.role).toBe('channel');
    }
  });

  it('reshape keeps leading and trailing axes of equal size', () => {
    expect(origins(one('reshape', x, [8, 36, 3]), x)).toEqual([0, undefined, 3]);
    expect(origins(one('reshape', x, [8, -1]), x)).toEqual([0, undefined]);
    expect(origins(one('reshape', x, [-1, 108]), x)).toEqual([0, undefined]);
    expect(origins(one('reshape', x, [48, 18]), x)).toEqual([undefined, undefined]);
  });

  it('a convolution keeps the batch and gives roles by the data format', () => {
    const filter = t([3, 3, 3, 16]);
    const y = one('conv2d', x, filter, 2, 'same');
    expect(showShape(y.shape)).toBe('[8,3,3,16]');
    expect(origins(y, x)).toEqual([0, undefined, undefined, undefined]);
    expect(axesOf(y).map((a) => a.role)).toEqual(IMAGE);
    const first = one('conv2d', t([8, 3, 6, 6]), filter, 1, 'same', 'NCHW');
    expect(axesOf(first).map((a) => a.role)).toEqual(['batch', 'channel', 'height', 'width']);
  });

  it('pooling keeps batch and channels', () => {
    expect(origins(one('maxPool', x, 2, 2, 'valid'), x)).toEqual([0, undefined, undefined, 3]);
  });
});

describe('sizes that are not numbers', () => {
  const batch = symbol('B');

  it('reshape works out -1 in symbols', () => {
    expect(showShape(one('reshape', t([batch, 28, 28, 1]), [-1, 784]).shape)).toBe('[B,784]');
    expect(showShape(one('reshape', t([batch, 4]), [-1]).shape)).toBe('[4*B]');
    expect(showShape(one('reshape', t([batch, 7, 7, 64]), [batch, -1]).shape)).toBe('[B,3136]');
  });

  it('an unknown batch stays itself through a reshape', () => {
    const x = t([null, 28, 28, 1], IMAGE);
    expect(origins(one('reshape', x, [-1, 784]), x)).toEqual([0, undefined]);
    expect(showShape(one('reshape', x, [null, -1]).shape)).toBe('[null,784]');
  });

  it('a batch of unknown size may be broadcast, an impossible one is refused', () => {
    expect(showShape(one('add', t([batch, 3]), t([1, 3])).shape)).toBe('[B,3]');
    const c = symbol('c');
    expect(() => one('add', t([c]), t([5]))).not.toThrow();
    expect(() => one('matMul', t([2, c]), t([0, 4]))).toThrow(Refused);
  });

  it('a size of c and one of c + 1 may broadcast where c is 1, so nothing is refused', () => {
    const c = symbol('c');
    const more = one('concat', [t([c]), t([1])], 0);
    expect(() => one('add', t([c]), of(more.shape))).not.toThrow();
  });
});

describe('known numbers', () => {
  it('a scalar keeps its value through arithmetic', () => {
    const eps = one('scalar', 1e-5);
    expect(eps).toMatchObject({ shape: [], dtype: 'float32', scalar: 1e-5 });
    expect(one('add', of([], 'float32', 2), 3).scalar).toBe(5);
    expect(one('sqrt', of([], 'float32', 9)).scalar).toBe(3);
    expect(one('add', t([2]), 3).scalar).toBeUndefined();
  });
});

describe('soundness', () => {
  it('no row refuses arguments of which nothing is known', () => {
    for (const spec of opSpecs) {
      const args = spec.params.map(() => UNKNOWN);
      expect(() => spec.run(callOf(spec, args)), spec.name).not.toThrow();
      expect(() => spec.run(callOf(spec, undefined)), spec.name).not.toThrow();
    }
  });

  it('a symbolic tensor of a layer is no operand of an op', () => {
    expect(() => one('relu', { ...t([null, 4]), symbolic: true })).toThrow(Refused);
  });

  it('a refusal says what is wrong with the sizes, and what tfjs would say', () => {
    try {
      one('add', t([2, 4, 6]), t([2, 4]));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Refused);
      const { refusal } = error as Refused;
      expect(refusal.code).toBe('broadcast');
      expect(refusal.message).toContain('[2,4,6]');
      expect(refusal.original).toBe('Operands could not be broadcast together with shapes 2,4,6 and 2,4.');
    }
  });
});
