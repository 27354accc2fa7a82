/**
 * The kinds of property that the playground's state is made of. A property knows its name on a control, its range and its
 * default; it reads values that come from outside (links, saved state, messages) and writes them for a link.
 */

/** Where a property's control stands: under each scene that uses it. */
export type SceneName = 'axes' | 'batch' | 'coupling' | 'train' | 'style' | 'code';

interface PropertyBase<T> {
  readonly default: T;
  readonly label: string;
  /** One sentence for whoever does not know the word; shown as the control's tooltip. */
  readonly help?: string;
  /** Scenes that show a control for it; a property of no scene is set by the page itself. */
  readonly scenes: readonly SceneName[];
  /** The value as a link has it: letters, digits and `-._~,:` only. */
  write(value: T): string;
  /** A value of unknown origin (a link's text, or saved data); undefined where it is none of this property's. */
  read(value: unknown): T | undefined;
}

export interface NumberProperty extends PropertyBase<number> {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
  /** The slider's positions, ascending; a value between two of them is possible by link and by hand-over. */
  readonly stops: readonly number[];
}

export interface ChoiceProperty<T extends string = string> extends PropertyBase<T> {
  readonly kind: 'choice';
  readonly options: Readonly<Record<T, string>>;
}

export interface SetProperty<T extends string = string> extends PropertyBase<readonly T[]> {
  readonly kind: 'set';
  readonly options: Readonly<Record<T, string>>;
}

export interface FlagProperty extends PropertyBase<boolean> {
  readonly kind: 'flag';
}

export interface TextProperty extends PropertyBase<string> {
  readonly kind: 'text';
  readonly maxLength: number;
}

/** Numbers by place: the cells of a tensor that the reader has changed. */
export type Edits = Readonly<Record<string, number>>;

export interface EditsProperty extends PropertyBase<Edits> {
  readonly kind: 'edits';
  readonly most: number;
  readonly limit: number;
}

export type Property = NumberProperty | ChoiceProperty | SetProperty | FlagProperty | TextProperty | EditsProperty;

interface Words {
  readonly label: string;
  readonly help?: string;
  readonly scenes: readonly SceneName[];
}

/** Whole numbers that grow by about a half each, for sliders over several magnitudes. */
export function wholeStops(min: number, max: number): readonly number[] {
  const stops: number[] = [];
  for (let base = 1; base <= max; base *= 2) {
    for (const stop of base < 4 ? [base] : [base, base * 1.5]) if (stop >= min && stop <= max) stops.push(stop);
  }
  for (const small of [0, 3]) if (small >= min && small <= max && !stops.includes(small)) stops.push(small);
  return [...new Set([min, ...stops, max])].sort((a, b) => a - b);
}

/** Every whole number of a range. */
export const everyStop = (min: number, max: number): readonly number[] =>
  Array.from({ length: max - min + 1 }, (_, i) => min + i);

interface NumberRow extends Words {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly stops?: readonly number[];
}

function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || !/^-?(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(value)) return undefined;
  return Number(value);
}

function numberProperty(row: NumberRow, whole: boolean, stops: readonly number[]): NumberProperty {
  const within = (value: number) => value >= row.min && value <= row.max && (!whole || Number.isInteger(value));
  return {
    ...row,
    kind: 'number',
    integer: whole,
    stops: row.stops ?? stops,
    write: String,
    read: (value) => {
      const number = readNumber(value);
      return number !== undefined && within(number) ? number : undefined;
    },
  };
}

/** A whole number. Its slider has every number, or for long ranges steps of about a half. */
export const integer = (row: NumberRow): NumberProperty =>
  numberProperty(row, true, row.max - row.min <= 32 ? everyStop(row.min, row.max) : wholeStops(row.min, row.max));

/** A real number; without stops its slider has a hundred even steps. */
export const real = (row: NumberRow): NumberProperty => {
  const step = (row.max - row.min) / 100;
  const stops = Array.from({ length: 101 }, (_, i) => Number((row.min + i * step).toPrecision(12)));
  return numberProperty(row, false, stops);
};

const hasOption = <T extends string>(options: Readonly<Record<T, string>>, value: unknown): value is T =>
  typeof value === 'string' && Object.hasOwn(options, value);

/** One of several, each with a label. */
export const choice = <T extends string>(
  row: Words & { readonly options: Readonly<Record<T, string>>; readonly default: NoInfer<T> },
): ChoiceProperty<T> => ({
  ...row,
  kind: 'choice',
  write: (value) => value,
  read: (value) => (hasOption(row.options, value) ? value : undefined),
});

/** Some of several, at least one, in the order of the options. */
export const setOf = <T extends string>(
  row: Words & { readonly options: Readonly<Record<T, string>>; readonly default: readonly NoInfer<T>[] },
): SetProperty<T> => ({
  ...row,
  kind: 'set',
  write: (value) => value.join(','),
  read: (value) => {
    const names: unknown = typeof value === 'string' ? value.split(',') : value;
    if (!Array.isArray(names) || names.length === 0 || !names.every((name) => hasOption(row.options, name))) return;
    return (Object.keys(row.options) as T[]).filter((name) => names.includes(name));
  },
});

/** Yes or no. */
export const flag = (row: Words & { readonly default: boolean }): FlagProperty => ({
  ...row,
  kind: 'flag',
  write: (value) => (value ? '1' : '0'),
  read: (value) => {
    if (typeof value === 'boolean') return value;
    return value === '1' ? true : value === '0' ? false : undefined;
  },
});

/** A few plain words: letters, digits and the marks that names and paths have. */
export const text = (row: Words & { readonly default: string; readonly maxLength: number }): TextProperty => ({
  ...row,
  kind: 'text',
  write: (value) => value,
  read: (value) =>
    typeof value === 'string' && value.length <= row.maxLength && /^[\p{L}\p{N} ._\-/$:@()[\]]*$/u.test(value)
      ? value
      : undefined,
});

/** Changed cells, at most so many, each with a number of at most so large a magnitude. */
export const edits = (row: Words & { readonly most: number; readonly limit: number }): EditsProperty => ({
  ...row,
  kind: 'edits',
  default: {},
  write: (value) =>
    Object.entries(value)
      .map(([cell, number]) => `${cell}:${number}`)
      .join(','),
  read: (value) => {
    const pairs = typeof value === 'string' ? pairsOf(value) : isRecord(value) ? Object.entries(value) : undefined;
    if (pairs === undefined || pairs.length > row.most) return undefined;
    const read: Record<string, number> = {};
    for (const [cell, given] of pairs) {
      const number = readNumber(given);
      if (!/^\d{1,9}$/.test(cell) || number === undefined || Math.abs(number) > row.limit) return undefined;
      read[cell] = number;
    }
    return read;
  },
});

function pairsOf(words: string): readonly (readonly [string, unknown])[] {
  if (words === '') return [];
  return words.split(',').map((pair) => {
    const colon = pair.indexOf(':');
    return [pair.slice(0, Math.max(colon, 0)), pair.slice(colon + 1)] as const;
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
