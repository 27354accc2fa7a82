import { add, type Dim, div, floor, floorDiv } from '../../../shapes/dim';
import { axis, resized, type Shape, shape, sizeOf } from '../../../shapes/shape';
import type { OpCall, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import { isRecord, isTensor, isUnknown, type Plain, type PlainTensor, UNKNOWN } from '../../plain';
import { rankOf } from './axes';
import { anyTensor } from './operands';
import { METHOD, METHOD_ONLY, no, row } from './row';

/** These ops read the tensor as it is, without converting numbers or lists. */
function raw(call: OpCall, op: string, param: string): PlainTensor {
  const value: Plain = call.get(param);
  if (isTensor(value)) return value;
  if (isUnknown(value) || (isRecord(value) && value.open)) return anyTensor(undefined);
  return no('argument-count', `${op} wants a tensor for ${param}`, undefined, param);
}

/** Fourier transforms of complex numbers along the last axis. */
function fft(name: string): (call: OpCall) => ReturnType<typeof tensor> {
  return (call) => {
    const input = raw(call, name, 'input');
    if (input.dtype !== undefined && input.dtype !== 'complex64')
      no(
        'dtype',
        `${name} wants a complex64 tensor, not ${input.dtype}`,
        `The dtype for tf.spectral.${name}() must be complex64 but got ${input.dtype}.`,
        'input',
      );
    if (rankOf(input) === 0) no('rank', `${name} wants a tensor of rank 1 or more`, undefined, 'input');
    return tensor(input.shape, 'complex64');
  };
}

function rfft(call: OpCall) {
  const input = raw(call, 'rfft', 'input');
  if (input.dtype !== undefined && input.dtype !== 'float32')
    no(
      'dtype',
      `rfft wants a float32 tensor, not ${input.dtype}`,
      `The dtype for rfft() must be real value but got ${input.dtype}`,
      'input',
    );
  if (rankOf(input) === 0) no('rank', 'rfft wants a tensor of rank 1 or more', undefined, 'input');
  const given = call.get('fftLength');
  const last = input.shape?.[input.shape.length - 1];
  if (input.shape === null || last === undefined) return tensor(null, 'complex64');
  const length = given === undefined || given === null ? last.dim : call.size('fftLength');
  return tensor([...input.shape.slice(0, -1), resized(last, add(floorDiv(length, 2), 1))], 'complex64');
}

function irfft(call: OpCall) {
  const input = raw(call, 'irfft', 'input');
  if (input.dtype !== undefined && input.dtype !== 'complex64')
    no('dtype', `irfft wants a complex64 tensor, not ${input.dtype}`, undefined, 'input');
  const rank = rankOf(input);
  if (rank === 0) no('rank', 'irfft wants a tensor of rank 1 or more', undefined, 'input');
  if (input.shape === null || rank === undefined) return tensor(null, 'float32');
  const last = input.shape[rank - 1];
  const inner: Dim = last?.dim ?? '?';
  const size = typeof inner === 'number' ? (inner <= 2 ? inner : 2 * (inner - 1)) : '?';
  // All leading axes are put into one; rank 3 gets its first two back.
  if (rank === 3) return tensor([...input.shape.slice(0, 2), axis(size)], 'float32');
  return tensor([axis(sizeOf(input.shape.slice(0, -1))), axis(size)], 'float32');
}

/** Overlapping frames of a signal: `[frames, frameLength]`. */
function framed(call: OpCall, signal: PlainTensor): Shape {
  const [length, step] = [call.size('frameLength'), call.size('frameStep')];
  const size = sizeOf(signal.shape);
  const padEnd = call.get('padEnd');
  if (typeof length === 'number' && length < 0)
    no('option', 'frame cannot cut frames of a negative length', undefined, 'frameLength');
  if (padEnd !== undefined && padEnd !== false)
    return shape([padEnd === true ? framesPadded(size, step) : '?', length]);
  return shape([framesOf(size, length, step), length]);
}

function framesOf(size: Dim, length: Dim, step: Dim): Dim {
  if (typeof size !== 'number' || typeof length !== 'number' || typeof step !== 'number') return '?';
  return size < length || step <= 0 ? (size < length ? 0 : '?') : Math.floor((size - length) / step) + 1;
}

function framesPadded(size: Dim, step: Dim): Dim {
  return typeof size === 'number' && typeof step === 'number' && step > 0 ? Math.ceil(size / step) : '?';
}

function frame(call: OpCall) {
  const signal = raw(call, 'frame', 'signal');
  const s = framed(call, signal);
  const rank = rankOf(signal);
  // tfjs cuts along the first axis by the number of all elements: only a vector goes well.
  if (rank !== 1) return tensor(rank === undefined ? s : null, undefined);
  const empty = s?.[0]?.dim === 0;
  return tensor(s, empty ? 'float32' : signal.dtype === 'float32' ? 'float32' : undefined);
}

function stft(call: OpCall) {
  const signal = raw(call, 'stft', 'signal');
  const s = framed(call, signal);
  if (rankOf(signal) !== 1) return tensor(null, 'complex64');
  const given = call.get('fftLength');
  const length = call.size('frameLength');
  const fftLength = given === undefined || given === null ? powerOfTwo(length) : call.size('fftLength');
  return tensor(s === null ? null : [...s.slice(0, 1), axis(add(floor(div(fftLength, 2)), 1))], 'complex64');
}

/** tfjs's `enclosingPowerOfTwo`. */
const powerOfTwo = (n: Dim): Dim => (typeof n === 'number' && n > 0 ? 2 ** Math.ceil(Math.log(n) / Math.log(2)) : '?');

function window(name: string, params = 'windowLength'): OpSpec {
  return row(name, params, (call) => {
    const length = call.get('windowLength');
    if (typeof length === 'number' && length < 0)
      no('option', `${name} needs a length of 0 or more, not ${length}`, undefined, 'windowLength');
    if (length === undefined) return tensor([axis(0)], 'float32');
    return tensor([axis(call.size('windowLength'))], 'float32');
  });
}

export const signalOps: readonly OpSpec[] = [
  ...['', 'spectral.'].flatMap((space) => [
    row(`${space}fft`, 'input', fft('fft'), space === '' ? METHOD : {}),
    row(`${space}ifft`, 'input', fft('ifft'), space === '' ? METHOD : {}),
    row(`${space}rfft`, 'input fftLength', rfft),
    row(`${space}irfft`, 'input', irfft, space === '' ? METHOD : {}),
  ]),
  row('rfft', 'input', rfft, METHOD_ONLY),
  row('signal.frame', 'signal frameLength frameStep padEnd padValue', frame),
  row('signal.stft', 'signal frameLength frameStep fftLength windowFn', stft),
  window('signal.hannWindow'),
  window('signal.hammingWindow'),
  window('cosineWindow', 'windowLength a b'),
  row('enclosingPowerOfTwo', 'value', (call) => {
    const value = powerOfTwo(call.size('value'));
    return { kind: 'value', value: typeof value === 'number' ? value : UNKNOWN };
  }),
];
