import type { MemberFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import {
  type CustomLayer,
  groupNormalization,
  insertClass,
  instanceNormalization,
  rmsNormalization,
} from './customLayers';
import { replace } from './edits';
import { optionNames } from './optionNames';
import type { Fix, Rule } from './rule';

interface Missing {
  readonly name: RegExp;
  readonly called: string;
  readonly advice: string;
  readonly layer?: CustomLayer;
  /** What tfjs calls it, where only the name is wrong. */
  readonly meant?: string;
}

const MISSING: readonly Missing[] = [
  {
    name: /^group_?norm/i,
    called: 'group normalization',
    layer: groupNormalization,
    advice: 'The fix inserts one as a custom layer.',
  },
  {
    name: /^instance_?norm/i,
    called: 'instance normalization',
    layer: instanceNormalization,
    advice: 'The fix inserts one as a custom layer.',
  },
  {
    name: /^rms_?norm/i,
    called: 'RMS normalization',
    layer: rmsNormalization,
    advice: 'The fix inserts one as a custom layer.',
  },
  {
    name: /^(unit_?norm|l2_?norm)/i,
    called: 'unit normalization',
    advice: 'Divide by `x.norm(2, -1, true)` in a layer of your own.',
  },
  {
    name: /^(weight_?norm|spectral_?norm)/i,
    called: 'weight or spectral normalization',
    advice: 'Normalise the kernel in a layer of your own, or in a kernelConstraint.',
  },
  {
    name: /^sync_?batch_?norm/i,
    called: 'synchronised batch normalization',
    advice: 'TensorFlow.js trains on one device: batchNormalization is what you want.',
    meant: 'batchNormalization',
  },
  {
    name: /^batch_?norm/i,
    called: 'layer of that name',
    advice: 'Its name is batchNormalization.',
    meant: 'batchNormalization',
  },
  {
    name: /^layer_?norm/i,
    called: 'layer of that name',
    advice: 'Its name is layerNormalization.',
    meant: 'layerNormalization',
  },
  ...(
    [
      [/^relu$/i, 'reLU'],
      [/^leaky_?relu$/i, 'leakyReLU'],
      [/^thresholded_?relu$/i, 'thresholdedReLU'],
      [/^p_?relu$/i, 'prelu'],
    ] as const
  ).map(([name, meant]) => ({ name, called: 'layer of that name', advice: `Its name is ${meant}.`, meant })),
  {
    name: /^(gelu|silu|swish|mish|tanh|sigmoid|hard_?sigmoid|relu6|selu|softplus|softsign|linear)$/i,
    called: 'layer of that name',
    advice: 'Activations are an option of layers, and of `tf.layers.activation({ activation })`.',
  },
  {
    name: /attention/i,
    called: 'attention layer',
    advice: 'Compose it of dense, dot and softmax, or write it as a layer of your own.',
  },
  {
    name: /^lambda$/i,
    called: 'lambda layer',
    advice: 'Write a class that extends tf.layers.Layer, with `call` and `computeOutputShape`.',
  },
  { name: /^[a-z]/, called: 'layer of that name', advice: 'See the list of its layers.' },
];

export const noSuchNormLayer: Rule = {
  id: 'NL313',
  name: 'no-such-norm-layer',
  severity: 'error',
  summary: 'A normalization or another layer that TensorFlow.js does not have',
  check(trace, report) {
    for (const fact of trace.of('member')) {
      if (fact.owner !== 'tf.layers' || fact.exists || fact.how !== 'property') continue;
      const missing = otherwiseWritten(fact.member) ?? MISSING.find(({ name }) => name.test(fact.member));
      if (missing === undefined || isProbe(trace, fact) || isAdded(trace, fact)) continue;
      report({
        at: fact.at,
        message: `tf.layers has no ${fact.member}: TensorFlow.js has no ${missing.called}`,
        advice: `${/norm/i.test(fact.member) ? 'TensorFlow.js has two normalization layers, batchNormalization and layerNormalization; ' : ''}tf.layers.${fact.member} is undefined and calling it throws a TypeError. ${missing.advice}`,
        facts: { member: fact.member },
        fixes: fixesFor(trace, fact, missing),
      });
    }
  },
};

const FACTORIES: ReadonlyMap<string, string> = new Map(
  [...optionNames.keys()].map((name) => [name.toLowerCase(), name]),
);

/** A layer that is there, in Keras's spelling: `Conv2D`, `LSTM`. */
function otherwiseWritten(member: string): Missing | undefined {
  const meant = FACTORIES.get(member.toLowerCase());
  if (meant === undefined) return undefined;
  return { name: /^/, called: 'layer of that name', advice: `Its name is ${meant}.`, meant };
}

/** Code that asks whether there is such a layer: `typeof tf.layers.groupNormalization`, `tf.layers.rmsNormalization ?? own`. */
function isProbe(trace: Trace, { at }: MemberFact): boolean {
  const source = trace.source(at.file);
  const [before, after] = [source.slice(0, at.start), source.slice(at.end)];
  if (/(\btypeof|!)\s*$/.test(before) || /^\s*(\?[?.:\s]|&&|\|\||[=!]==?\s*(undefined|null|['"]))/.test(after))
    return true;
  return /\bif\s*\(\s*$/.test(before) && /^\s*\)/.test(after);
}

/** Code that gives the library the layer: `tf.layers.attention = …`. */
const isAdded = (trace: Trace, { at, member }: MemberFact): boolean =>
  new RegExp(`layers\\s*(?:\\.\\s*${member}|\\[['"]${member}['"]\\])\\s*=[^=]`).test(trace.source(at.file));

/** Names that other libraries have for the options of the inserted layers. */
const OTHER_KEYS = /\b(?:numGroups|num_groups|nGroups|G|eps)\b(?=\s*:)/g;

function fixesFor(trace: Trace, fact: MemberFact, { layer, meant }: Missing): readonly Fix[] {
  const [, namespace, member] = /^([\w$]+)\.layers\.([\w$]+)/.exec(trace.text(fact.at)) ?? [];
  if (namespace === undefined || member !== fact.member) return [];
  const at = { ...fact.at, end: fact.at.start + `${namespace}.layers.${member}`.length };
  if (meant !== undefined) {
    if (/\bnew\s+$/.test(trace.source(at.file).slice(0, at.start))) return [];
    return [{ title: `Use ${meant}`, safe: true, edits: [replace(at, `${namespace}.layers.${meant}`)] }];
  }
  // The class takes an object of options, as layers do.
  const given = /^\(\s*(?=[)\w$]|\{([^{}]*)\})(?!\d)/.exec(trace.source(at.file).slice(at.end));
  if (layer === undefined || given === null) return [];
  const options = given[1] ?? '';
  const start = at.end + given[0].length + 1;
  const renamed = [...options.matchAll(OTHER_KEYS)].map(({ index, 0: key }) =>
    replace({ ...at, start: start + index, end: start + index + key.length }, key === 'eps' ? 'epsilon' : 'groups'),
  );
  const edits = [...insertClass(trace, layer, at.file, namespace), replace(at, `new ${layer.className}`), ...renamed];
  return [
    { title: `Insert ${/^[AEIO]/.test(layer.className) ? 'an' : 'a'} ${layer.className} layer`, safe: true, edits },
  ];
}
