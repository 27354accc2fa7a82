import type { OptimizerMadeFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { replace } from './edits';
import type { Fix, Rule } from './rule';

interface Row {
  /** Arguments in order. */
  readonly params: readonly string[];
  /** What an object for the learning rate does. */
  readonly object: 'NaN' | 'throws';
  /** What no learning rate does; undefined where there is a default. */
  readonly none?: 'NaN' | 'throws';
}

/** `tf.train.*` of 4.22, measured on a step (`tf-core/dist/optimizers/optimizer_constructors.js`). */
export const OPTIMIZERS: Readonly<Record<string, Row>> = {
  sgd: { params: ['learningRate'], object: 'NaN', none: 'NaN' },
  momentum: { params: ['learningRate', 'momentum', 'useNesterov'], object: 'throws', none: 'throws' },
  adam: { params: ['learningRate', 'beta1', 'beta2', 'epsilon'], object: 'NaN' },
  adamax: { params: ['learningRate', 'beta1', 'beta2', 'epsilon', 'decay'], object: 'NaN' },
  adadelta: { params: ['learningRate', 'rho', 'epsilon'], object: 'NaN' },
  adagrad: { params: ['learningRate', 'initialAccumulatorValue'], object: 'NaN', none: 'NaN' },
  rmsprop: {
    params: ['learningRate', 'decay', 'momentum', 'epsilon', 'centered'],
    object: 'throws',
    none: 'throws',
  },
};

const DOES: Readonly<Record<Row['object'], string>> = {
  NaN: 'every weight is NaN after one step',
  throws: 'the first step throws',
};

/** Other names of the same thing, in Keras and PyTorch. */
const ALIASES: Readonly<Record<string, string>> = {
  learning_rate: 'learningRate',
  lr: 'learningRate',
  alpha: 'learningRate',
  beta_1: 'beta1',
  beta_2: 'beta2',
  eps: 'epsilon',
  nesterov: 'useNesterov',
};

export const optimizerOptionsObject: Rule = {
  id: 'NL125',
  name: 'optimizer-options-object',
  severity: 'error',
  summary: 'An optimizer gets an object (or nothing) for its learning rate: its weights become NaN, or it throws',
  check(trace, report) {
    for (const fact of trace.of('optimizerMade')) {
      const row = OPTIMIZERS[fact.name];
      if (row === undefined || !fact.certain) continue;
      const { name, args, at } = fact;
      const takes = `tf.train.${name}(${row.params.join(', ')})`;
      const isEmpty = args.length === 0 && row.none !== undefined;
      if (!isEmpty && fact.options === undefined) continue;
      report({
        at,
        message: isEmpty
          ? `${name} has no default learning rate: ${DOES[row.none ?? 'throws']}`
          : `${name} takes its learning rate as a number, not in an object: ${DOES[row.object]}`,
        advice: `The optimizers of TensorFlow.js take numbers in order, \`${takes}\`, unlike its layers. ${
          isEmpty
            ? 'Without one the rate is undefined, and what is multiplied by it is NaN; the names (`optimizer: "sgd"` in compile) come with a rate.'
            : 'An object in place of the rate is kept as it is, and what is multiplied by it is NaN: the loss is NaN from the second batch on.'
        }`,
        facts: { optimizer: name },
        fixes: isEmpty ? [] : fixesFor(trace, fact, row),
      });
    }
  },
};

/** The properties as arguments in order, as far as they are known and written in the call. */
function fixesFor(trace: Trace, { name, args, options, at }: OptimizerMadeFact, { params }: Row): readonly Fix[] {
  const objectAt = args[0]?.at;
  if (options === undefined || objectAt === undefined || args.length !== 1) return [];
  if (!trace.text(objectAt).startsWith('{')) return [];
  const texts = new Map<string, string>();
  for (const [key, option] of options) {
    const param = ALIASES[key] ?? key;
    if (!params.includes(param) || option.at === undefined) return [];
    const written = trace.text(option.at);
    const value = /^[\w$'"]+\s*:\s*([\s\S]+)$/.exec(written)?.[1] ?? (/^[\w$]+$/.test(written) ? written : undefined);
    if (value === undefined) return [];
    texts.set(param, value);
  }
  if (!texts.has('learningRate')) return [];
  const last = params.reduce((found, param, i) => (texts.has(param) ? i : found), 0);
  const list = params.slice(0, last + 1).map((param) => texts.get(param) ?? 'undefined');
  const source = trace.source(at.file);
  if (source.slice(objectAt.end, at.end).replace(/[\s,]/g, '') !== ')') return [];
  return [
    {
      title: `Write ${name}(${list.join(', ')}) (it trains)`,
      safe: false,
      edits: [replace({ ...at, start: objectAt.start }, `${list.join(', ')})`)],
    },
  ];
}
