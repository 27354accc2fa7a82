/** Misuse of layers and their options: what is planted is one layer of a chain. */
import type { Random } from '../programs/generator/random';
import { type Dims, type Step, size, type Value } from '../programs/generator/steps';
import {
  anyInput,
  around,
  calm,
  compile,
  compileAndFit,
  dense,
  headOf,
  healthy,
  imageInput,
  inChain,
  type Mutation,
  norm,
  predict,
  sequenceInput,
  vectorInput,
} from './mutation';

type Options = Readonly<Record<string, Value>>;

const either = (random: Random) => random.pick(['batchNormalization', 'layerNormalization'] as const);
const sameWay = (axis: number, rank: number, random: Random): number => (random.chance(0.6) ? axis : axis - rank);

const conv = (random: Random, dims: Dims, more: Options = {}): Step => {
  const filters = random.pick([4, 6, 8]);
  return {
    type: 'conv2d',
    options: { filters, kernelSize: 3, padding: 'same', ...more },
    out: [...dims.slice(0, -1), filters],
  };
};

/** An affine layer for these sizes. */
const affine = (random: Random, dims: Dims, more: Options = {}): Step =>
  dims.length === 3 ? conv(random, dims, more) : dense(random.pick([4, 6, 8, 12]), more, dims.slice(0, -1));

const activation = (random: Random, dims: Dims): Step =>
  random.pick<Step>([
    { type: 'reLU', options: {}, out: dims },
    { type: 'leakyReLU', options: {}, out: dims },
    { type: 'activation', options: { activation: random.pick(['relu', 'tanh']) }, out: dims },
  ]);

/** Options that tfjs ignores, and values outside the range. */
const IGNORED: readonly Options[] = [
  { eps: 1e-5 },
  { decay: 0.9 },
  { num_features: 8 },
  { affine: true },
  { elementwise_affine: true },
  { gamma_initializer: 'zeros' },
  { data_format: 'channels_last' },
  { normalized_shape: 8 },
  { track_running_stats: true },
  { epsilone: 1e-5 },
  { epsilon: -1e-3 },
  { epsilon: 0 },
];
const IGNORED_BY_BATCH: readonly Options[] = [{ momentum: 1.5 }, { momentum: -0.1 }, { momentun: 0.9 }];

const norms = (planted: boolean, options: Options, clean: Options = {}): Options => (planted ? options : clean);

export const layerMutations: readonly Mutation[] = [
  inChain({
    rule: 'NL101',
    name: 'batch norm keeps an axis in the middle',
    chain: (random, planted) =>
      around(random, random.pick([sequenceInput, imageInput])(random), (dims) => {
        const rank = dims.length + 1;
        const axis = planted ? random.int(1, rank - 2) : rank - 1;
        return [norm(random, 'batchNormalization', dims, { axis: sameWay(axis, rank, random) }, planted)];
      }),
    follow(ctx, built) {
      if (ctx.random.chance(0.4)) compileAndFit(ctx, built);
      else if (ctx.random.chance(0.5)) predict(ctx, built);
    },
  }),
  inChain({
    rule: 'NL102',
    name: 'channels first into a norm of the last axis',
    chain(random, planted) {
      const [h, w, c, filters] = [random.pick([8, 10]), random.pick([9, 12]), random.int(1, 4), random.pick([4, 6])];
      const options = { filters, kernelSize: 3, padding: 'same', ...(planted ? { dataFormat: 'channelsFirst' } : {}) };
      const [input, out] = planted
        ? [
            [c, h, w],
            [filters, h, w],
          ]
        : [
            [h, w, c],
            [h, w, filters],
          ];
      const steps: Step[] = [{ type: 'conv2d', options, out }];
      if (random.chance(0.4)) steps.push(activation(random, out));
      steps.push(norm(random, either(random), out, random.chance(0.3) ? { axis: -1 } : {}, planted));
      return { input, steps: [...steps, { type: 'flatten', options: {}, out: [size(out)] }, dense(2)] };
    },
  }),
  inChain({
    rule: 'NL103',
    name: 'a norm along the batch',
    chain: (random, planted) =>
      around(random, anyInput(random), (dims) => {
        const rank = dims.length + 1;
        if (random.chance(0.5)) {
          const axis = planted ? sameWay(0, rank, random) : -1;
          return [norm(random, 'batchNormalization', dims, { axis }, planted)];
        }
        const lead = affine(random, dims);
        const axes = planted ? random.pick([[0, rank - 1], [0], [0, 1]]) : [random.pick([rank - 1, -1])];
        const axis = axes.length === 1 && random.chance(0.4) ? (axes[0] ?? -1) : axes;
        return [lead, norm(random, 'layerNormalization', lead.out, { axis }, planted)];
      }),
  }),
  inChain({
    rule: 'NL104',
    name: 'scale or center off in training',
    chain: (random, planted) => around(random, anyInput(random), (dims) => withOff(random, dims, planted)),
    follow: (ctx, built) => compileAndFit(ctx, built),
  }),
  inChain({
    rule: 'NL105',
    name: 'a norm of rank 5',
    chain(random, planted) {
      const [d, h, w, c] = [random.int(2, 4), random.int(4, 8), random.int(4, 8), random.int(1, 3)];
      const filters = random.pick([4, 6]);
      const steps: Step[] = [
        {
          type: 'conv3d',
          options: { filters, kernelSize: random.pick([1, 2]), padding: 'same' },
          out: [d, h, w, filters],
        },
      ];
      if (random.chance(0.4)) steps.push({ type: 'reLU', options: {}, out: [d, h, w, filters] });
      const flat = [d * h, w, filters];
      if (!planted) steps.push({ type: 'reshape', options: { targetShape: flat }, out: flat });
      const dims = planted ? [d, h, w, filters] : flat;
      steps.push(norm(random, either(random), dims, {}, planted));
      return { input: [d, h, w, c], steps: [...steps, { type: 'flatten', options: {}, out: [size(dims)] }, dense(1)] };
    },
    follow(ctx, built) {
      if (ctx.random.chance(0.5)) predict(ctx, built);
    },
  }),
  inChain({
    rule: 'NL116',
    name: 'an option that is ignored or out of range',
    chain: (random, planted) =>
      around(random, anyInput(random), (dims) => {
        const type = either(random);
        const options = random.pick(type === 'batchNormalization' ? [...IGNORED, ...IGNORED_BY_BATCH] : IGNORED);
        const lead = affine(random, dims);
        return [
          lead,
          norm(
            random,
            type,
            lead.out,
            norms(planted, options, random.pick([{}, { epsilon: 1e-5 }, { axis: -1 }])),
            planted,
          ),
        ];
      }),
  }),
  inChain({
    rule: 'NL202',
    name: 'momentum in the convention of PyTorch',
    chain: (random, planted) =>
      around(random, anyInput(random), (dims) => [
        norm(
          random,
          'batchNormalization',
          dims,
          { momentum: planted ? random.pick([0.1, 0.01, 0.03, 0.2, 0.3, 0.4]) : random.pick([0.9, 0.99, 0.8]) },
          planted,
        ),
      ]),
    follow(ctx, built) {
      if (ctx.random.chance(0.4)) compileAndFit(ctx, built);
    },
  }),
  inChain({
    rule: 'NL207',
    name: 'dropout straight before batch norm',
    chain: (random, planted) =>
      around(random, anyInput(random), (dims) => {
        const drop: Step = { type: 'dropout', options: { rate: random.pick([0.3, 0.4, 0.5, 0.6]) }, out: dims };
        const bn = norm(random, 'batchNormalization', dims, {}, planted);
        if (planted) return random.chance(0.6) ? [activation(random, dims), drop, bn] : [drop, bn];
        return random.pick([
          [bn, activation(random, dims), drop],
          [drop, { ...affine(random, dims, { activation: 'relu' }) }].flatMap((step, i) =>
            i === 0 ? [step] : [step, norm(random, 'batchNormalization', step.out)],
          ),
          [
            drop,
            norm(
              random,
              'layerNormalization',
              dims.map((d) => d),
              { axis: -1 },
            ),
          ].slice(0, last(dims) > 2 ? 2 : 1),
        ]);
      }),
    follow(ctx, built) {
      if (ctx.random.chance(0.4)) compileAndFit(ctx, built);
    },
  }),
  inChain({
    rule: 'NL210',
    name: 'layer norm of one or two values',
    chain: (random, planted) =>
      around(random, anyInput(random), (dims) => {
        const width = planted ? random.int(1, 2) : random.pick([4, 8]);
        const step: Step =
          dims.length === 3
            ? { type: 'conv2d', options: { filters: width, kernelSize: 1 }, out: [...dims.slice(0, -1), width] }
            : dense(width, {}, dims.slice(0, -1));
        return [step, norm(random, 'layerNormalization', step.out, {}, planted)];
      }),
  }),
  inChain({
    rule: 'NL212',
    name: 'an epsilon that is 0 in the precision of the backend',
    chain: (random, planted) =>
      around(random, anyInput(random), (dims) => {
        const lead = affine(random, dims);
        return [
          lead,
          norm(
            random,
            either(random),
            lead.out,
            { epsilon: planted ? random.pick([1e-8, 1e-9, 1e-12]) : random.pick([1e-3, 1e-5, 1e-6]) },
            planted,
          ),
        ];
      }),
    before(ctx) {
      ctx.write(ctx.random.pick(["tf.setBackend('webgl');", "tf.setBackend('webgpu');"]));
    },
  }),
  inChain({
    rule: 'NL213',
    name: 'batch norm under timeDistributed',
    chain: (random, planted) => {
      const input = sequenceInput(random);
      const [time = 1, features = 1] = input;
      const inside: Step = planted
        ? { type: 'batchNormalization', options: random.pick<Options>([{}, { momentum: 0.9 }]), out: [features] }
        : random.pick([dense(6), { type: 'layerNormalization', options: {}, out: [features] }]);
      const out = [time, last(inside.out)];
      const after = planted ? [] : [norm(random, 'batchNormalization', out)];
      const steps: Step[] = [
        { type: 'timeDistributed', options: { layer: { layer: inside } }, out, fault: planted },
        ...after,
      ];
      return { input, steps: [...steps, ...headOf(random, out)] };
    },
  }),
  inChain({
    rule: 'NL215',
    name: 'statistics over time behind a mask',
    chain: (random, planted) => {
      const embedded = random.chance(0.5);
      const [time, width] = [random.int(6, 20), random.pick([4, 6, 8])];
      const steps: Step[] = embedded
        ? [{ type: 'embedding', options: { inputDim: 50, outputDim: width, maskZero: true }, out: [time, width] }]
        : [{ type: 'masking', options: random.pick<Options>([{}, { maskValue: 0 }]), out: [time, width] }];
      if (random.chance(0.3))
        steps.push({ type: 'lstm', options: { units: width, returnSequences: true }, out: [time, width] });
      const type = either(random);
      const dims = [time, width];
      steps.push(
        planted
          ? norm(random, type, dims, type === 'layerNormalization' ? { axis: random.pick([[1, 2], [1]]) } : {}, true)
          : norm(random, 'layerNormalization', dims),
      );
      steps.push({ type: 'lstm', options: { units: 4 }, out: [4] });
      return { input: embedded ? [time] : dims, steps: [...steps, dense(1)] };
    },
  }),
  inChain({
    rule: 'NL216',
    name: 'a norm straight on a norm',
    chain: (random, planted) =>
      around(random, anyInput(random), (dims) => {
        const type = either(random);
        const lead = affine(random, dims);
        const between = planted
          ? random.chance(0.2)
            ? [{ type: 'activation', options: { activation: 'linear' }, out: lead.out }]
            : []
          : [activation(random, lead.out)];
        return [lead, norm(random, type, lead.out), ...between, norm(random, type, lead.out, {}, planted)];
      }),
  }),
  inChain({
    rule: 'NL219',
    name: 'zero padding feeds a norm',
    chain: (random, planted) =>
      around(random, imageInput(random), (dims) => {
        const [h = 1, w = 1, c = 1] = dims;
        const by = random.int(1, 3);
        const out = [h + 2 * by, w + 2 * by, c];
        const pad: Step = { type: 'zeroPadding2d', options: { padding: by }, out };
        if (!planted) return [norm(random, 'batchNormalization', dims), pad];
        return [
          pad,
          random.chance(0.7)
            ? norm(random, 'batchNormalization', out, {}, true)
            : norm(random, 'layerNormalization', out, { axis: [1, 2, 3] }, true),
        ];
      }),
  }),
  inChain({
    rule: 'NL301',
    name: 'a bias straight before batch norm',
    chain: (random, planted) =>
      around(random, anyInput(random), (dims) => {
        const clean: Options[] = [{ useBias: false }, { activation: 'relu' }];
        const step = {
          ...affine(
            random,
            dims,
            planted ? random.pick<Options>([{}, { useBias: true }, { activation: 'linear' }]) : random.pick(clean),
          ),
          fault: planted,
        };
        return [step, norm(random, 'batchNormalization', step.out)];
      }),
  }),
  inChain({
    rule: 'NL302',
    name: 'a norm as the output of a model that is trained',
    chain(random, planted) {
      const input = vectorInput(random);
      const lead = calm(random, input, random.int(0, 2), true);
      const logits = dense(random.pick([3, 4, 10]), { useBias: false });
      const bn = norm(random, either(random), logits.out, {}, planted);
      const steps = planted ? [logits, bn] : [bn, logits];
      const before = planted ? steps : [dense(last(logits.out), { useBias: false }), ...steps];
      const softmax: Step[] = random.chance(0.5)
        ? [
            random.chance(0.5)
              ? { type: 'softmax', options: {}, out: logits.out }
              : { type: 'activation', options: { activation: 'softmax' }, out: logits.out },
          ]
        : [];
      return { input, steps: [...lead, ...before, ...softmax] };
    },
    follow(ctx, built) {
      if (ctx.random.chance(0.5)) compile(ctx, built);
      else compileAndFit(ctx, built);
    },
  }),
  inChain({
    rule: 'NL303',
    name: 'a port from PyTorch with the epsilon of tfjs',
    chain: (random, planted) =>
      around(random, anyInput(random), (dims) => {
        const lead = affine(random, dims);
        const type = either(random);
        return [
          lead,
          {
            type,
            options: planted ? random.pick<Options>([{}, { axis: -1 }]) : { epsilon: 1e-5 },
            out: lead.out,
            fault: planted,
          },
        ];
      }),
    before(ctx) {
      ctx.declare(
        ctx.random
          .pick([
            '// ported from PyTorch: nn.BatchNorm2d',
            "const weightsUrl = 'https://example.org/state_dict.safetensors';",
            '/* weights converted with torch.onnx */',
          ])
          .replace('weightsUrl', ctx.name('weightsUrl')),
      );
    },
  }),
  inChain({
    rule: 'NL304',
    name: 'decay on gamma or beta',
    chain: (random, planted) =>
      around(random, anyInput(random), (dims) => {
        const lead = affine(random, dims, planted ? {} : { kernelRegularizer: 'l1l2' });
        return [
          lead,
          norm(
            random,
            either(random),
            lead.out,
            planted ? { [random.pick(['gammaRegularizer', 'betaRegularizer'])]: 'l1l2' } : {},
            planted,
          ),
        ];
      }),
  }),
  inChain({
    rule: 'NL305',
    name: 'activation, batch norm, activation',
    chain: (random, planted) =>
      around(random, anyInput(random), (dims) => {
        const lead = affine(random, dims, planted && random.chance(0.5) ? { activation: 'relu' } : { useBias: false });
        const steps: Step[] = [lead];
        if (planted && lead.options.activation === undefined) steps.push(activation(random, lead.out));
        return [...steps, norm(random, 'batchNormalization', lead.out, {}, planted), activation(random, lead.out)];
      }),
  }),
  inChain({
    rule: 'NL306',
    name: 'an activation straight before batch norm',
    chain: (random, planted) =>
      around(random, anyInput(random), (dims) => {
        const lead = affine(random, dims, { useBias: false });
        const bn = norm(random, 'batchNormalization', lead.out, {}, planted);
        const after = affine(random, lead.out);
        return planted ? [lead, activation(random, lead.out), bn, after] : [lead, bn, after];
      }),
  }),
  inChain({
    rule: 'NL314',
    name: 'batch norm scales the inputs with few samples or steps',
    chain(random, planted) {
      const input = vectorInput(random);
      return {
        input,
        steps: [
          norm(random, 'batchNormalization', input, { momentum: 0.99 }, planted),
          dense(8, { activation: 'relu' }),
          dense(1),
        ],
      };
    },
    follow(ctx, built, planted) {
      const { random } = ctx;
      const batch = 32;
      const weak = random.chance(0.5)
        ? { samples: 640, batch: random.pick([8, 10, 16, 20]), epochs: 60 }
        : { samples: 320, batch, epochs: random.int(1, 10) };
      compileAndFit(ctx, built, planted ? weak : healthy);
    },
  }),
];

function last(dims: Dims): number {
  return dims.at(-1) ?? 1;
}

function withOff(random: Random, dims: Dims, planted: boolean): readonly Step[] {
  const lead = affine(random, dims, { useBias: false });
  const option = random.pick(['scale', 'center']);
  const options = planted ? { [option]: false } : random.pick<Options>([{}, { [option]: true }]);
  return [lead, norm(random, either(random), lead.out, options, planted)];
}
