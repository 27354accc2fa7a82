import type { ExplainedStep, ExplainedValue, Explanation } from '../analyzer/analysis';
import type { Place } from '../analyzer/trace/facts';
import { showFlow } from './shapes';

/** A line of an explanation, and the place that it speaks of. */
export interface Told {
  readonly text: string;
  readonly at: Place | undefined;
  /** 0 for a value, 1 for how it came about. */
  readonly depth: 0 | 1;
}

/** An explanation, line by line: each value that differs, then its steps, then where inference stopped. */
export function tellExplanation({ times, values, distinct }: Explanation): readonly Told[] {
  if (times === 0) return [told('This is never evaluated: no path that the analyzer follows leads here.')];
  const several = values.length > 1;
  const lines: Told[] = [];
  if (several) lines.push(told(`It is evaluated ${times} times, with ${distinct} different values:`));
  for (const value of values) lines.push(...tellValue(value, several ? ` (${counted(value.times)})` : ''));
  if (distinct > values.length) lines.push(told(`… and ${distinct - values.length} more`));
  return lines;
}

function tellValue(value: ExplainedValue, suffix = ''): readonly Told[] {
  const lines = [told(`${value.text}${suffix}`)];
  const roles = value.roles?.map((role) => role ?? '?') ?? [];
  if (roles.some((role) => role !== '?')) lines.push(told(`axes: ${roles.join(', ')}`, undefined, 1));
  lines.push(...value.steps.map((step) => told(tellStep(step), step.at, 1)));
  for (const option of value.options ?? []) lines.push(...tellValue(option));
  if (value.stop !== undefined) {
    const { text, at } = value.stop;
    const lead = value.kind === 'unknown' ? 'inference stopped here' : 'not all is known';
    lines.push(told(`${lead}: ${text}`, at.file === '' ? undefined : at, 1));
  }
  return lines;
}

/** `x = tf.layers.dense “dense_Dense1” [null, 4] → [null, 8]`. */
function tellStep({ text, inputs, outputs, name }: ExplainedStep): string {
  const flow = outputs.length === 0 ? '' : ` ${showFlow(inputs, outputs)}`;
  return `${name === undefined ? '' : `${name} = `}${text}${flow}`;
}

function told(text: string, at?: Place, depth: 0 | 1 = 0): Told {
  return { text, at, depth };
}

function counted(times: number): string {
  return times === 1 ? 'once' : `${times} times`;
}
