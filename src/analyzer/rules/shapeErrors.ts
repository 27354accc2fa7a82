import { showShape } from '../shapes/shape';
import type { Refusal, RefusalCode, RefusalFact, TensorFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import type { Rule, Severity } from './rule';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly advice: string;
  /** What to do about an op, where that is another thing. */
  readonly ofOps?: string;
  /** What tfjs lets pass although nothing can be right behind it. */
  readonly more?: Rule['check'];
}

/** One row a kind of refusal. Ids are for ever: new codes get new numbers. */
export const shapeErrorRows: Readonly<Record<RefusalCode, Row>> = {
  rank: {
    id: 'NL001',
    name: 'shape-rank',
    summary: 'A layer or op gets an input of the wrong rank',
    advice:
      'Count the axes: an image batch is [batch, height, width, channels], a sequence [batch, time, features]. Add or merge axes with `tf.layers.reshape` or `tf.layers.flatten`; a recurrent layer keeps its time axis with `returnSequences: true`.',
    ofOps:
      'Count the axes: an image batch is [batch, height, width, channels], a sequence [batch, time, features]. Add or merge axes with expandDims, squeeze or reshape.',
  },
  broadcast: {
    id: 'NL002',
    name: 'shape-broadcast',
    summary: 'Operands whose shapes do not broadcast',
    advice:
      'Shapes are aligned at the last axis; two sizes go together where they are equal or one of them is 1. Keep reduced axes (`keepDims`), or reshape one operand.',
  },
  'inner-dims': {
    id: 'NL003',
    name: 'shape-inner-dims',
    summary: 'A matrix product (or a dense layer that was built for other features) with inner sizes that differ',
    advice:
      'A layer keeps the weights that it got for its first input: give it as many features every time, or make another layer for the other input. The axes of a dot product must have one length.',
    ofOps:
      'The last axis of the left operand must be as long as the second to last of the right one. Transpose one of them, or fix the size of the layer before.',
  },
  'reshape-size': {
    id: 'NL004',
    name: 'shape-reshape-size',
    summary: 'A reshape to another number of elements',
    advice: 'A reshape keeps the number of elements. Use −1 for the one size that is to be worked out.',
  },
  'axis-range': {
    id: 'NL005',
    name: 'shape-axis',
    summary: 'An axis outside the rank of the tensor, or named twice',
    advice: 'Axes count from 0, negative ones from the end: −1 is the last.',
  },
  concat: {
    id: 'NL006',
    name: 'shape-concat',
    summary: 'A concatenation of tensors that differ off the axis',
    advice:
      'All axes but the one that is concatenated must agree. With skip connections, odd sizes lose a row in pooling that upsampling does not give back: choose sizes divisible by the total stride, or crop.',
    ofOps:
      'All axes but the one that is concatenated must agree; tensors that are stacked must have one shape. Slice, pad or reshape the odd one.',
  },
  merge: {
    id: 'NL007',
    name: 'shape-merge',
    summary: 'A merge layer (add, multiply, average, …) on shapes that do not fit',
    advice:
      'A residual sum needs equal shapes. Where the main path changes the number of channels or the stride, project the shortcut with a 1×1 convolution of the same stride.',
  },
  window: {
    id: 'NL008',
    name: 'shape-window',
    summary: 'A kernel or pool that is larger than its input',
    advice:
      "With `padding: 'valid'` the window must fit inside the input. Use `padding: 'same'`, a smaller window, or fewer strided layers before.",
    more: negativeSizes,
  },
  channels: {
    id: 'NL009',
    name: 'shape-channels',
    summary: 'A filter made for another number of channels',
    advice:
      'A layer keeps the weights that it got for its first input. Give it as many channels every time, or make another layer for the other input.',
    ofOps:
      'Channels are the last axis of an image batch. The second to last axis of a filter […, in, out] must be as long as that.',
  },
  'slice-range': {
    id: 'NL010',
    name: 'shape-slice',
    summary: 'A slice, gather or crop outside the tensor',
    advice: 'begin + size must stay within the size of each axis, and what is cropped must leave something.',
    ofOps: 'begin + size must stay within the size of each axis; an index counts from 0 and is smaller than that size.',
  },
  'split-size': {
    id: 'NL011',
    name: 'shape-split',
    summary: 'A split whose sizes do not add up to the axis, or do not divide it',
    advice: 'A number of parts must divide the axis; a list of sizes must add up to it.',
  },
  'data-length': {
    id: 'NL012',
    name: 'shape-data-length',
    summary: 'Values that do not fill the shape given',
    advice: 'The number of values must be the product of the shape.',
  },
  'missing-input-shape': {
    id: 'NL013',
    name: 'missing-input-shape',
    summary: 'A sequential model whose first layer has no inputShape, or a model used before it is built',
    advice: 'Give the first layer `inputShape` (without the batch), or `batchInputShape` (with it).',
  },
  'undefined-dim': {
    id: 'NL014',
    name: 'shape-undefined-dim',
    summary: 'A layer that needs a fixed size where the size is null',
    advice:
      'Weights need fixed sizes: give the axis a number in `inputShape`, or use global pooling before the layer. A fixed batch goes into `batchInputShape`.',
  },
  graph: {
    id: 'NL015',
    name: 'model-graph',
    summary: 'A model whose graph is not connected, whose output is no layer’s, or that names a layer twice',
    advice:
      '`tf.model` walks back from its outputs and must meet exactly its inputs; names of layers are unique within a model.',
  },
  option: {
    id: 'NL016',
    name: 'layer-option',
    summary: 'An option value that TensorFlow.js rejects',
    advice:
      'Options and names are those of the API of TensorFlow.js, in camelCase, and not always those of Keras in Python.',
  },
  'argument-count': {
    id: 'NL017',
    name: 'argument-count',
    summary: 'One tensor where a list is due, or the reverse; or an argument that is missing',
    advice: 'Merge layers take a list of at least two tensors; other layers take one.',
    ofOps:
      'An op takes tensors, or numbers and lists of numbers that TensorFlow.js makes into one; several tensors go into a list. What is undefined, an object of another kind, or a promise that nobody awaited is none.',
  },
  'data-shape': {
    id: 'NL018',
    name: 'data-shape',
    summary: 'fit, predict or evaluate on data that do not fit the model',
    advice:
      'Data have the batch as their first axis and then the model’s input shape; targets have the shape of its output (or one index a sample with sparse losses). An output with more axes than the targets lacks a flatten or a global pooling before its last layer.',
  },
  dtype: {
    id: 'NL019',
    name: 'tensor-dtype',
    summary: 'A dtype that the op rejects',
    advice: 'Convert first: `x.toFloat()`, `x.toInt()`, `x.toBool()`.',
  },
  weights: {
    id: 'NL020',
    name: 'weights-shape',
    summary: 'Weights of another count or of other shapes than the layer’s',
    advice: '`setWeights` takes the weights in the order of `getWeights()`, which lists trainable ones first.',
  },
};

/**
 * Under a condition that is not known, that condition may rule out the shapes that came here (over real packages it mostly
 * does), but not what is written in the call itself: `tf.tensor2d([])` throws whenever it runs.
 */
function severityOf(trace: Trace, fact: RefusalFact): Severity {
  if (fact.certain) return 'error';
  const args = [...(fact.op?.args.values() ?? [])];
  const literal = args.length > 0 && args.every(({ at }) => at !== undefined && LITERAL.test(trace.text(at)));
  return literal ? 'warning' : 'hint';
}

const LITERAL = /^[\s\d[\],.'"-]*$/;

/** A convolution in `tf.model` whose window is too large: the product of two negative sizes is positive, and tfjs goes on. */
function negativeSizes(trace: Trace, report: Parameters<Rule['check']>[1]): void {
  const refused = new Set(trace.of('refusal').map((fact) => fact.layer));
  const negative = (tensor: TensorFact | undefined): boolean =>
    tensor?.shape?.some((axis) => typeof axis.dim === 'number' && axis.dim < 0) === true;
  for (const { layer, inputs, outputs } of trace.of('layerCall')) {
    if (layer.model !== undefined || refused.has(layer) || !negative(outputs[0]) || inputs.some(negative)) continue;
    report({
      at: layer.at,
      about: layer,
      severity: 'warning',
      message: `${layer.type}'s window is larger than its input ${showShape(inputs[0]?.shape ?? null)}: it gives ${showShape(outputs[0]?.shape ?? null)}`,
      advice:
        "TensorFlow.js works the size out as (size − window)/stride + 1 and does not look at its sign here, so the network is built and computes nothing that means anything. Use `padding: 'same'`, a smaller window, or fewer strided layers before.",
      facts: { api: layer.type },
    });
  }
}

const WHEN: Readonly<Record<Refusal['when'], string>> = {
  construct: 'when the layer is made',
  call: 'at this call',
  run: 'as soon as data flow through it',
  fit: 'in training',
};

export const shapeErrors: readonly Rule[] = Object.entries(shapeErrorRows).map(([code, row]) => ({
  id: row.id,
  name: row.name,
  severity: 'error',
  summary: row.summary,
  check(trace, report) {
    for (const fact of trace.of('refusal')) {
      if (fact.refusal.code !== code) continue;
      report({
        at: fact.at,
        about: fact.layer,
        // A condition that asks what kind of value it has may rule these shapes out.
        severity: severityOf(trace, fact),
        message: messageOf(fact),
        advice: `${fact.refusal.advice ?? (fact.op === undefined ? row.advice : (row.ofOps ?? row.advice))} TensorFlow.js throws ${WHEN[fact.refusal.when]}${
          fact.refusal.original === undefined ? '.' : `: “${fact.refusal.original}”`
        }`,
        facts: { api: fact.api, ...(fact.refusal.argument === undefined ? {} : { argument: fact.refusal.argument }) },
        related: madeElsewhere(fact),
      });
    }
    row.more?.(trace, report);
  },
}));

function messageOf(fact: RefusalFact): string {
  const { message } = fact.refusal;
  const name = fact.api.split('.').at(-1) ?? fact.api;
  return message.includes(name) ? message : `${fact.api}: ${message}`;
}

function madeElsewhere(fact: RefusalFact): { readonly at: RefusalFact['at']; readonly message: string }[] {
  const at = fact.layer?.at;
  if (at === undefined || (at.file === fact.at.file && at.start >= fact.at.start && at.end <= fact.at.end)) return [];
  return [{ at, message: 'the layer is made here' }];
}
