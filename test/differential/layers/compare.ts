import { layerOf } from '../../../src/analyzer/libraries/layerSpec';
import { Options } from '../../../src/analyzer/libraries/options';
import { type LayerLike, type LayerResult, type Plain, UNKNOWN } from '../../../src/analyzer/libraries/plain';
import { Refused } from '../../../src/analyzer/libraries/refused';
import { layersByName } from '../../../src/analyzer/libraries/tfjs/layers/index';
import { type Dim, isDefinite, isPoly, showDim, substitute, symbol } from '../../../src/analyzer/shapes/dim';
import { axis, type Shape } from '../../../src/analyzer/shapes/shape';
import type { Refusal, WeightFact } from '../../../src/analyzer/trace/facts';
import { type Draw, eager, Inner, type InputShape, laterError, type Outcome, symbolic } from './oracle';
import { Random } from './random';

/** How one row fared over all of its draws. */
export interface Tally {
  readonly type: string;
  drawn: number;
  accepted: number;
  refused: number;
  /** Outputs of accepted draws, and of these the ones whose every size the table knows. */
  outputs: number;
  exact: number;
  /** Draws with sizes or options hidden, and with symbols in the place of numbers. */
  hidden: number;
  symbols: number;
  /** Refusals whose `original` is part of tfjs's message, of those that have one. */
  quoted: number;
  quotable: number;
  /** What was wrong: empty. */
  readonly faults: string[];
}

export type Draws = (random: Random) => Draw;

/** What the table says of a draw, in the order in which tfjs goes about it. */
interface Verdict {
  readonly refusal: Refusal | undefined;
  readonly result: LayerResult | undefined;
  readonly weights: readonly WeightFact[] | undefined;
}

/** Turns a draw's plain data into what the table reads; `hide` may replace any value of an option. */
function plain(value: unknown, hide: (value: unknown, key: string) => Plain | undefined, key = ''): Plain {
  const hidden = hide(value, key);
  if (hidden !== undefined) return hidden;
  if (value instanceof Inner) return { kind: 'layer', layer: tableLayer(value.type, value.options, hide) };
  if (Array.isArray(value)) return value.map((v) => plain(v, hide, key));
  return value as Plain;
}

const nothingHidden = (): undefined => undefined;

export function tableLayer(
  type: string,
  options: Readonly<Record<string, unknown>>,
  hide: (value: unknown, key: string) => Plain | undefined = nothingHidden,
): LayerLike {
  const spec = layersByName.get(type);
  if (spec === undefined) throw new RangeError(`the table has no ${type}`);
  const entries = new Map(Object.entries(options).map(([k, v]) => [k, plain(v, hide, k)]));
  return layerOf(spec, { kind: 'record', entries, open: false });
}

function judge(type: string, layer: LayerLike, inputs: readonly Shape[], isSymbolic: boolean): Verdict {
  try {
    construct(layer);
    const result = layer.call(inputs, isSymbolic);
    return { refusal: undefined, result, weights: layer.weights(inputs) };
  } catch (error) {
    if (!(error instanceof Refused)) throw new Error(`${type} broke: ${String(error)}`, { cause: error });
    return { refusal: error.refusal, result: undefined, weights: undefined };
  }
}

/** Constructs the inner layers first, as the code that makes them does. */
function construct(layer: LayerLike): void {
  for (const value of layer.options.entries.values()) {
    const list = Array.isArray(value) ? (value as readonly Plain[]) : [value];
    for (const v of list)
      if (typeof v === 'object' && v !== null && 'kind' in v && v.kind === 'layer') construct(v.layer);
  }
  layersByName.get(layer.type)?.construct?.(new Options(layer.options));
}

const shapeOf = (dims: readonly Dim[]): Shape => dims.map((d) => axis(d));

const show = (draw: Draw): string =>
  `${JSON.stringify(draw.options, (_, v) => (v instanceof Inner ? { [v.type]: v.options } : v === undefined ? '(undefined)' : v))} on ${JSON.stringify(draw.inputs)}`;

const showShapes = (shapes: readonly (readonly Dim[] | null)[]): string =>
  shapes.map((s) => (s === null ? '[…]' : `[${s.map(showDim).join(',')}]`)).join(' ');

/** Runs `count` draws of a row against tfjs: shapes, weights, parameter counts and errors, symbolic and real. */
export function compareRow(type: string, draws: Draws, count = 200): Tally {
  const random = new Random([...type].reduce((seed, c) => (seed * 31 + c.charCodeAt(0)) | 0, 4220));
  const tally: Tally = {
    type,
    drawn: 0,
    accepted: 0,
    refused: 0,
    outputs: 0,
    exact: 0,
    hidden: 0,
    symbols: 0,
    quoted: 0,
    quotable: 0,
    faults: [],
  };
  for (let i = 0; i < count; i += 1) {
    const draw = draws(random);
    compareSymbolic(tally, type, draw, random);
    compareEager(tally, type, filled(draw, random));
    if (i % 2 === 0) compareHidden(tally, type, draw, random);
    else compareSymbols(tally, type, draw, random);
    if (i % 4 === 0) compareAgain(tally, type, draw, draws(random), random);
  }
  return tally;
}

function note(tally: Tally, message: string): void {
  if (tally.faults.length < 12) tally.faults.push(message);
}

function compareSymbolic(tally: Tally, type: string, draw: Draw, random: Random): void {
  const real = symbolic(type, draw);
  const layer = tableLayer(type, draw.options);
  const inputs = draw.inputs.map(shapeOf);
  const ours = judge(type, layer, inputs, true);
  compare(tally, 'symbolic', draw, ours, real);
  if (ours.refusal !== undefined || real.error !== undefined) return;
  // What the table says will fail with real tensors must fail, whatever the open sizes turn out to be.
  try {
    layer.run?.(inputs);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const run = eager(type, filled(draw, random));
    if (run.error === undefined) note(tally, `run refused, tfjs ran: ${error.message}: ${show(draw)}`);
  }
}

/** The draw with every open size given a number; the same one for each batch. */
function filled(draw: Draw, random: Random): Draw {
  const batch = random.int(1, 3);
  return {
    ...draw,
    inputs: draw.inputs.map((s) => s.map((d, i) => (d === null ? (i === 0 ? batch : random.int(1, 6)) : d))),
  };
}

function compareEager(tally: Tally, type: string, draw: Draw): void {
  const real = eager(type, draw);
  const ours = judge(type, tableLayer(type, draw.options), draw.inputs.map(shapeOf), false);
  compare(tally, 'eager', draw, ours, real);
}

function compare(tally: Tally, how: string, draw: Draw, ours: Verdict, real: Outcome): void {
  tally.drawn += 1;
  if (real.error === undefined) tally.accepted += 1;
  else tally.refused += 1;
  if (ours.refusal !== undefined) checkWords(tally, ours.refusal, real);
  if ((ours.refusal === undefined) !== (real.error === undefined)) {
    const said =
      ours.refusal === undefined
        ? `missed: ${real.error?.message.slice(0, 160)}`
        : `false refusal: ${ours.refusal.message}`;
    note(tally, `${how}: ${said}: ${show(draw)}`);
    return;
  }
  if (ours.refusal !== undefined && real.error !== undefined) {
    const when = ours.refusal.when === 'construct' ? 'construct' : 'call';
    if (when !== real.error.when)
      note(
        tally,
        `${how}: refused at ${when}, tfjs at ${real.error.when} (${real.error.message.slice(0, 100)}): ${show(draw)}`,
      );
    return;
  }
  compareOutputs(tally, how, draw, ours, real, new Map());
  compareWeights(tally, how, draw, ours, real, new Map());
}

function checkWords(tally: Tally, refusal: Refusal, real: Outcome): void {
  if (refusal.message.length > 110 || refusal.message.includes('\n'))
    note(tally, `message of ${refusal.message.length} characters: ${refusal.message}`);
  if (refusal.original === undefined || real.error === undefined) return;
  tally.quotable += 1;
  if (real.error.message.includes(refusal.original)) tally.quoted += 1;
}

/** Known sizes must be tfjs's; unknown ones are counted. NaN is a size that nobody can know. */
function compareOutputs(
  tally: Tally,
  how: string,
  draw: Draw,
  ours: Verdict,
  real: Outcome,
  values: ReadonlyMap<string, Dim>,
): void {
  const { result } = ours;
  if (result === undefined) return;
  const claims = result.outputs.map((s) => s?.map((a) => substitute(a.dim, values)) ?? null);
  const wrong = (): void =>
    note(tally, `${how}: says ${showShapes(claims)}, tfjs ${JSON.stringify(real.outputs)}: ${show(draw)}`);
  if (result.countUnknown !== true) {
    if (claims.length !== real.outputs.length || (result.list ?? false) !== real.list) wrong();
  }
  for (const [i, claim] of claims.entries()) {
    const truth = real.outputs[i];
    tally.outputs += 1;
    if (claim === null || truth === undefined) continue;
    if (claim.length !== truth.length || !claim.every((d, k) => agrees(d, truth[k]))) wrong();
    else if (claim.every((d) => d !== '?')) tally.exact += 1;
    console.log('UNKNOWN', how, showShapes(claims), JSON.stringify(real.outputs), show(draw));
  }
}

const agrees = (claim: Dim, truth: number | null | undefined): boolean =>
  claim === '?' || isPoly(claim) || claim === truth || (Number.isNaN(truth) && Number.isNaN(claim));

function compareWeights(
  tally: Tally,
  how: string,
  draw: Draw,
  ours: Verdict,
  real: Outcome,
  values: ReadonlyMap<string, Dim>,
): void {
  if (ours.weights === undefined) {
    if (how === 'symbolic' || how === 'eager') {
      const unknown = ours.result?.outputs.some(
        (s) => s === null || !s.every((a) => isDefinite(a.dim) || a.dim === null),
      );
      if (!unknown) note(tally, `${how}: knows no weights, tfjs has ${real.params} parameters: ${show(draw)}`);
    }
    return;
  }
  const claims = ours.weights.map((w) => ({ ...w, shape: w.shape.map((d) => substitute(d, values)) }));
  const said = JSON.stringify(claims.map((w) => [w.name, w.shape, w.trainable]));
  const truth = JSON.stringify(real.weights.map((w) => [w.name, w.shape, w.trainable]));
  if (said !== truth) note(tally, `${how}: weights ${said}, tfjs ${truth}: ${show(draw)}`);
}

/** Hides some of what is known: what is still said must hold, and nothing may be refused that tfjs accepts. */
function compareHidden(tally: Tally, type: string, draw: Draw, random: Random): void {
  const real = symbolic(type, draw);
  if (real.error !== undefined) return;
  tally.hidden += 1;
  const inputs = draw.inputs.map((s) =>
    random.chance(0.1) ? null : shapeOf(s.map((d) => (random.chance(0.3) ? '?' : d))),
  );
  // Weights are listed as trainable where that is not known, so this one option stays.
  const values = new Map<string, Dim>();
  const layer = tableLayer(type, draw.options, (value, key) => {
    if (key === 'trainable' || !random.chance(0.25)) return undefined;
    if (!sizeKeys.has(key) || random.chance(0.5) || (typeof value === 'number' && value < 1)) return UNKNOWN;
    // What may be a number, and then is this size.
    const size = symbol('m');
    if (typeof value === 'number') values.set(size.key, value);
    return { kind: 'maybe', size };
  });
  const ours = judge(type, layer, inputs, true);
  if (ours.refusal !== undefined) {
    note(tally, `hidden: false refusal: ${ours.refusal.message}: ${show(draw)}`);
    return;
  }
  const exact = [tally.outputs, tally.exact];
  compareOutputs(tally, 'hidden', draw, ours, real, values);
  [tally.outputs, tally.exact] = exact as [number, number];
  compareWeights(tally, 'hidden', draw, ours, real, values);
}

/** Puts symbols in the place of positive numbers: at those numbers the answer must be tfjs's. */
function compareSymbols(tally: Tally, type: string, draw: Draw, random: Random): void {
  const real = symbolic(type, draw);
  if (real.error !== undefined) return;
  tally.symbols += 1;
  const values = new Map<string, Dim>();
  const named = (d: number): Dim => {
    const s = symbol('s');
    values.set(s.key, d);
    return s;
  };
  const inputs = draw.inputs.map((s) =>
    shapeOf(s.map((d) => (d !== null && d > 0 && random.chance(0.5) ? named(d) : d))),
  );
  const layer = tableLayer(type, draw.options, (value, key) =>
    sizeKeys.has(key) && typeof value === 'number' && Number.isInteger(value) && value > 0 && random.chance(0.4)
      ? (named(value) as Plain)
      : undefined,
  );
  const ours = judge(type, layer, inputs, true);
  if (ours.refusal !== undefined) {
    note(tally, `symbols: false refusal: ${ours.refusal.message}: ${show(draw)}`);
    return;
  }
  const exact = [tally.outputs, tally.exact];
  compareOutputs(tally, 'symbols', draw, ours, real, values);
  [tally.outputs, tally.exact] = exact as [number, number];
  compareWeights(tally, 'symbols', draw, ours, real, values);
}

const sizeKeys: ReadonlySet<string> = new Set([
  'units',
  'filters',
  'kernelSize',
  'poolSize',
  'strides',
  'n',
  'targetShape',
  'inputDim',
  'outputDim',
  'height',
  'width',
  'numTokens',
  'padding',
  'cropping',
  'size',
  'depthMultiplier',
  'inputLength',
  'dilationRate',
]);

/** Calls the layer a second time, on other shapes. */
function compareAgain(tally: Tally, type: string, draw: Draw, other: Draw, random: Random): void {
  const later: readonly InputShape[] = other.inputs;
  if (symbolic(type, draw).error !== undefined) return;
  const real = symbolic(type, draw, later);
  const layer = tableLayer(type, draw.options);
  const again = (): Verdict => {
    try {
      const result = layer.again?.(draw.inputs.map(shapeOf), later.map(shapeOf), true);
      return { refusal: undefined, result, weights: undefined };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { refusal: error.refusal, result: undefined, weights: undefined };
    }
  };
  const ours = again();
  if (ours.refusal?.when === 'run' && real.error === undefined) {
    if (laterError(type, draw, filled(other, random).inputs) === undefined)
      note(tally, `again: run refused, tfjs ran: ${ours.refusal.message}: ${show(draw)}`);
    return;
  }
  const both = { options: draw.options, inputs: [...draw.inputs, ...later] };
  if ((ours.refusal === undefined) !== (real.error === undefined)) {
    const said =
      ours.refusal === undefined
        ? `missed: ${real.error?.message.slice(0, 160)}`
        : `false refusal: ${ours.refusal.message}`;
    note(tally, `again: ${said}: ${show(both)}`);
    return;
  }
  if (real.error === undefined) compareOutputs(tally, 'again', both, ours, real, new Map());
}
