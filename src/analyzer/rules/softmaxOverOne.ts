import { showShape } from '../shapes/shape';
import type { CompileFact, LayerCallFact, LayerFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { type Edit, replace, setOption } from './edits';
import { madeOnce } from './rewrites';
import type { Fix, Rule } from './rule';
import { mayTrain } from './usage';
import { called } from './words';

/** Layers whose activation works on their output as it is. */
const PLAIN = new Set(['dense', 'conv1d', 'conv2d', 'conv3d', 'separableConv2d', 'conv2dTranspose', 'activation']);

/** Losses whose targets are one column a class: `fit` throws where there is only one. */
const BY_CLASS = new Set(['categoricalCrossentropy', 'sparseCategoricalCrossentropy']);

export const softmaxOverOne: Rule = {
  id: 'NL223',
  name: 'softmax-over-one',
  severity: 'error',
  summary: 'A softmax over one value is 1 whatever it is, and lets no gradient through',
  check(trace, report) {
    const seen = new Set<number>();
    for (const call of trace.of('layerCall')) {
      const { layer } = call;
      if (!call.certain || seen.has(layer.id) || !isSoftmax(call)) continue;
      const shape = call.outputs[0]?.shape;
      if (shape === null || shape === undefined || shape.length < 2 || axisOf(call, shape.length)?.dim !== 1) continue;
      seen.add(layer.id);
      report({
        at: layer.at,
        about: layer,
        message: `softmax over an axis of one value: the output ${showShape(shape)} is 1 for every input`,
        advice: `A softmax divides by the sum over its axis; with one value there it is that value by itself, 1, and its gradient is 0: nothing before it trains. For a yes or no use one unit with a sigmoid and \`binaryCrossentropy\`; for two classes, two units; in attention, take the softmax over the axis of the keys (\`tf.layers.softmax({ axis: 1 })\`, which is its default).`,
        facts: { layer: called(layer) },
        fixes: fixesFor(trace, call),
      });
    }
    for (const fact of trace.of('compile')) {
      const loss = fact.options.get('loss')?.value;
      const [output, ...more] = fact.model.outputs;
      const last = output?.shape?.at(-1)?.dim;
      if (!fact.certain || more.length > 0 || typeof loss !== 'string' || !BY_CLASS.has(loss) || last !== 1) continue;
      if (seenIn(fact, seen) || !mayTrain(trace, fact)) continue;
      report({
        at: fact.options.get('loss')?.at ?? fact.at,
        message: `${loss} on an output of one value ${showShape(output?.shape ?? null)}: fit throws, it wants one a class`,
        advice:
          'Cross-entropy over classes takes one probability for each class and divides by their sum, which makes a single one 1. For a yes or no use `binaryCrossentropy` with a sigmoid; for n classes, n units with a softmax.',
        facts: { loss },
      });
    }
  },
};

const seenIn = ({ model }: CompileFact, layers: ReadonlySet<number>): boolean =>
  model.layers.some(({ id }) => layers.has(id));

function isSoftmax({ layer }: LayerCallFact): boolean {
  return layer.type === 'softmax' || (PLAIN.has(layer.type) && layer.options.get('activation')?.value === 'softmax');
}

/** The axis of the softmax: the last for an activation, and 1 for the layer of that name, unless it says another. */
function axisOf({ layer, outputs }: LayerCallFact, rank: number) {
  const value = layer.type === 'softmax' ? (layer.options.get('axis')?.value ?? 1) : -1;
  if (typeof value !== 'number') return undefined;
  return outputs[0]?.shape?.[value < 0 ? value + rank : value];
}

function fixesFor(trace: Trace, { layer }: LayerCallFact): readonly Fix[] {
  if (layer.type !== 'dense' || !madeOnce(trace, layer)) return [];
  const edit = setOption(trace, layer, 'activation', "'sigmoid'");
  const losses = lossEdits(trace, layer);
  if (edit === undefined || losses === undefined) return [];
  const title = losses.length === 0 ? 'Use a sigmoid' : 'Use a sigmoid and binaryCrossentropy';
  return [{ title: `${title} (the output varies)`, safe: false, edits: [edit, ...losses] }];
}

/** A loss over classes goes with the softmax; undefined where it is not written as a text in the call of compile. */
function lossEdits(trace: Trace, layer: LayerFact): readonly Edit[] | undefined {
  const edits = trace.of('compile').flatMap(({ model, options }) => {
    const loss = options.get('loss');
    if (!model.layers.includes(layer) || typeof loss?.value !== 'string' || !BY_CLASS.has(loss.value)) return [];
    const written = loss.at === undefined ? null : /^(['"]?loss['"]?\s*:\s*)(['"])\w+\2$/.exec(trace.text(loss.at));
    if (loss.at === undefined || written === null) return [undefined];
    return [replace(loss.at, `${written[1]}${written[2]}binaryCrossentropy${written[2]}`)];
  });
  return edits.every((edit) => edit !== undefined) ? edits : undefined;
}
