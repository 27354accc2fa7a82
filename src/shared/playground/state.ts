import { properties } from './properties';
import type { Property } from './property';

/** What the playground shows, whole: two pages of one state look the same. */
export type PlaygroundState = {
  readonly [K in keyof typeof properties]: (typeof properties)[K]['default'];
};

export type PropertyName = keyof PlaygroundState;

/** Some properties' new values. */
export type Change = { readonly [K in PropertyName]?: PlaygroundState[K] };

const rows: Readonly<Record<string, Property>> = properties;

export const propertyNames = Object.keys(properties) as readonly PropertyName[];

export const property = (name: PropertyName): Property => properties[name];

export const defaultState: PlaygroundState = Object.fromEntries(
  Object.entries(rows).map(([name, row]) => [name, row.default]),
) as PlaygroundState;

export interface Reading {
  readonly change: Change;
  /** What was left out, in words for the reader. */
  readonly refused: readonly string[];
}

/**
 * Reads a change from data of unknown origin: a link's pairs, saved state, a message. What is no property, or is out of its
 * range, is left out and named; nothing throws, whatever comes.
 */
export function readChange(given: unknown): Reading {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { change: {}, refused: given === undefined || given === null ? [] : ['The settings could not be read.'] };
  }
  const change: Record<string, unknown> = {};
  const refused: string[] = [];
  for (const [name, value] of Object.entries(given).slice(0, 200)) {
    const row = Object.hasOwn(rows, name) ? rows[name] : undefined;
    const read = row?.read(value);
    if (row === undefined) refused.push(`There is no setting “${shorten(name)}”.`);
    else if (read === undefined) refused.push(`${row.label} cannot be “${shorten(String(describe(value)))}”.`);
    else change[name] = read;
  }
  return { change, refused };
}

const describe = (value: unknown): unknown => (typeof value === 'object' ? JSON.stringify(value) : value);
const shorten = (words: string): string => (words.length > 40 ? `${words.slice(0, 39)}…` : words);

/** The state after a change. */
export const changed = (state: PlaygroundState, change: Change): PlaygroundState => ({ ...state, ...change });

/** What of a state differs from the defaults: enough to restore it. */
export function differences(state: PlaygroundState): Change {
  return Object.fromEntries(
    propertyNames
      .filter((name) => written(name, state[name]) !== written(name, defaultState[name]))
      .map((name) => [name, state[name]]),
  );
}

/** A property's value as a link has it. */
export function written<K extends PropertyName>(name: K, value: PlaygroundState[K]): string {
  return (rows[name] as { write(value: PlaygroundState[K]): string }).write(value);
}
