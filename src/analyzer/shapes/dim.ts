/**
 * Dimensions: what one axis of a shape can be said to measure.
 *
 * - an integer;
 * - `null`: Keras's None, a size that is fixed only when data come (the batch, a variable length);
 * - a polynomial over named symbols (`2*c`, `floor(h/2)`), in a normal form so that equal is equal;
 * - `'?'`: nothing is known.
 */
export type Dim = number | null | Poly | '?';

export interface Poly {
  readonly kind: 'poly';
  /** Sorted by key; no zero coefficients; never a bare constant. */
  readonly terms: readonly Term[];
  /** Equal keys ⇔ equal polynomials. */
  readonly key: string;
}

interface Term {
  /** A rational coefficient `n/d`, reduced, d > 0. */
  readonly n: number;
  readonly d: number;
  /** The product of these atoms, sorted by key; empty for the constant term. */
  readonly atoms: readonly Atom[];
  readonly key: string;
}

type Atom =
  | { readonly kind: 'symbol'; readonly name: string; readonly key: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly (Poly | number)[]; readonly key: string };

type Known = number | Poly;

let symbols = 0;

/** A fresh positive integer of unknown size, shown as `name`. Two symbols of one name are two symbols. */
export function symbol(name: string): Poly {
  symbols += 1;
  return fromTerms([term(1, 1, [{ kind: 'symbol', name, key: `${name}#${symbols}` }])]) as Poly;
}

export function isPoly(value: unknown): value is Poly {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'poly';
}

/** True where the dim is an integer or a polynomial: a definite, if unnamed, size. */
export function isDefinite(dim: Dim | undefined): dim is number | Poly {
  return typeof dim === 'number' || isPoly(dim);
}

// ---------------------------------------------------------------- arithmetic

export const add = (a: Dim, b: Dim): Dim =>
  lift(a, b, (x, y) =>
    typeof x === 'number' && typeof y === 'number' ? x + y || 0 : fromTerms([...termsOf(x), ...termsOf(y)]),
  );
export const sub = (a: Dim, b: Dim): Dim =>
  lift(a, b, (x, y) =>
    typeof x === 'number' && typeof y === 'number' ? x - y || 0 : fromTerms([...termsOf(x), ...negated(y)]),
  );
export const mul = (a: Dim, b: Dim): Dim =>
  a === 0 || b === 0
    ? 0
    : lift(a, b, (x, y) => {
        if (typeof x === 'number') return typeof y === 'number' ? x * y || 0 : scaled(y, x);
        if (typeof y === 'number') return scaled(x, y);
        return fromTerms(x.terms.flatMap((s) => y.terms.map((t) => product(s, t))));
      });

/** Exact division (a rational polynomial where the divisor is an integer). */
export const div = (a: Dim, b: Dim): Dim =>
  lift(a, b, (x, y) => {
    if (typeof y === 'number') {
      if (y === 0) return '?';
      if (typeof x === 'number') return x / y;
      return fromTerms(x.terms.map((t) => (y < 0 ? term(-t.n, t.d * -y, t.atoms) : term(t.n, t.d * y, t.atoms))));
    }
    return quotient(x, y) ?? call('div', [x, y]);
  });

export const floorDiv = (a: Dim, b: Dim): Dim => floor(div(a, b));
export const ceilDiv = (a: Dim, b: Dim): Dim => ceil(div(a, b));
export const floor = (a: Dim): Dim => round(a, 'floor', Math.floor);
export const ceil = (a: Dim): Dim => round(a, 'ceil', Math.ceil);

/** The remainder of a division by a definite size, as JavaScript's `%`. */
export const mod = (a: Dim, b: Dim): Dim =>
  lift(a, b, (x, y) => {
    if (typeof x === 'number' && typeof y === 'number') return y === 0 ? '?' : (x % y) + 0;
    const rest = typeof y === 'number' && isPoly(x) && (y > 0 ? remainder(x, y) : undefined);
    if (rest === 0 || (typeof rest === 'number' && atLeast(x) >= 0)) return rest;
    return same(x, y) === true ? 0 : call('mod', [x, y]);
  });

/** Any other function of sizes, kept by name: `max(h,w)`. Equal arguments give equal results. */
export function apply(name: string, args: readonly Dim[], exact: (...values: number[]) => number): Dim {
  if (args.some((a) => a === '?')) return '?';
  if (args.some((a) => a === null)) return null;
  if (args.every((a) => typeof a === 'number')) return exact(...(args as number[]));
  return call(name, args as Known[]);
}

/** The larger of two sizes, in a normal form: whatever the order and nesting, equal is equal. */
export function larger(a: number | Poly, b: number | Poly): Dim {
  const parts = new Map([...maximaOf(a), ...maximaOf(b)].map((part) => [part.key, part]));
  const numbers = [a, b].flatMap(numbersOf);
  const least = Math.max(...numbers);
  const polys = [...parts.values()].sort((x, y) => (x.key < y.key ? -1 : 1));
  const kept = polys.some((part) => atLeast(part) >= least) ? polys : numbers.length > 0 ? [...polys, least] : polys;
  return kept.length === 1 ? (kept[0] as Known) : kept.length === 0 ? least : call('max', kept);
}

/** The arguments of a maximum that a size alone is; else the size. */
function argumentsOfMax(a: Known): readonly Known[] {
  if (typeof a === 'number') return [a];
  const [only, more] = a.terms;
  const [atom, another] = only?.atoms ?? [];
  const alone = more === undefined && only?.n === 1 && only.d === 1 && another === undefined;
  return alone && atom?.kind === 'call' && atom.name === 'max' ? atom.args : [a];
}

const maximaOf = (a: Known): readonly Poly[] => argumentsOfMax(a).filter(isPoly);
const numbersOf = (a: Known): readonly number[] => argumentsOfMax(a).filter((n) => typeof n === 'number');

/**
 * The dim with its symbols replaced.
 * @param values by the `key` of the dim that `symbol` gave; symbols that are not there stay
 */
export function substitute(dim: Dim, values: ReadonlyMap<string, Dim>): Dim {
  if (!isPoly(dim)) return dim;
  // Over one denominator, divided by last, so that numbers stay exact.
  const d = commonDenominator(dim.terms);
  const numerators = dim.terms.map((t) => t.atoms.map((a) => substituteAtom(a, values)).reduce(mul, t.n * (d / t.d)));
  return div(numerators.reduce(add, 0), d);
}

/** The product of dims: 1 for none. */
export function total(dims: readonly Dim[]): Dim {
  return dims.reduce<Dim>(mul, 1);
}

// ---------------------------------------------------------------- questions

/** Whether two dims are equal: true or false only where it holds for every input, else undefined. */
export function same(a: Dim, b: Dim): boolean | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  if (!isDefinite(a) || !isDefinite(b)) return undefined;
  if (isPoly(a) && isPoly(b) && a.key === b.key) return true;
  if (!isFiniteDim(a) || !isFiniteDim(b)) return undefined;
  const difference = summed([...termsOf(a), ...negated(b)]);
  if (difference.every(isConstant)) return constantOf(difference) === 0;
  return leastOf(difference, 1) > 0 || leastOf(difference, -1) > 0 ? false : undefined;
}

/** The largest number that the dim is surely not below: symbols are 1 or more. -Infinity where there is none. */
export function atLeast(dim: Dim): number {
  if (typeof dim === 'number') return dim;
  return isPoly(dim) ? leastOf(dim.terms, 1) : -Infinity;
}

/** The same of a sum of terms, or of its negative. */
function leastOf(terms: readonly Term[], sign: 1 | -1): number {
  let sum = 0;
  for (const { n, d, atoms } of terms) {
    const factor = sign * n;
    if (factor < 0 && atoms.length > 0) return -Infinity;
    let product = 1;
    for (const atom of atoms) {
      const least = atomAtLeast(atom);
      if (least < 0) return -Infinity;
      product *= least;
    }
    sum += (product * factor) / d;
  }
  return sum;
}

/** Whether `a` is a multiple of the integer `b`, for every input; undefined where it depends. */
export function divides(b: number, a: Dim): boolean | undefined {
  if (typeof a === 'number') return a % b === 0;
  const rest = isPoly(a) ? remainder(a, b) : undefined;
  return rest === undefined ? undefined : rest === 0;
}

/** `28`, `null`, `2*c`, `?`. */
export function showDim(dim: Dim): string {
  return isPoly(dim) ? showPoly(dim) : String(dim);
}

/** Both where they agree; null where one of them is null, else unknown. */
export function joinDim(a: Dim, b: Dim): Dim {
  if (a === b || same(a, b) === true) return a;
  return a === null || b === null ? null : '?';
}

// ---------------------------------------------------------------- normal form

function lift(a: Dim, b: Dim, f: (x: Known, y: Known) => Dim): Dim {
  if (a === '?' || b === '?') return '?';
  if (a === null || b === null) return null;
  if (!isFiniteDim(a) || !isFiniteDim(b)) return '?';
  return f(a, b);
}

const isFiniteDim = (a: Known): boolean => typeof a !== 'number' || Number.isFinite(a);

function gcd(a: number, b: number): number {
  a = Math.abs(a);
  b = Math.abs(b);
  while (b > 0) [a, b] = [b, a % b];
  return a || 1;
}

function term(n: number, d: number, atoms: readonly Atom[]): Term {
  if (Number.isInteger(n) && Number.isInteger(d)) {
    const g = gcd(n, d);
    n /= g;
    d /= g;
  } else {
    n /= d;
    d = 1;
  }
  return { n, d, atoms, key: atoms.map((a) => a.key).join('·') };
}

function product(s: Term, t: Term): Term {
  const atoms = [...s.atoms, ...t.atoms].sort((x, y) => (x.key < y.key ? -1 : x.key > y.key ? 1 : 0));
  return term(s.n * t.n, s.d * t.d, atoms);
}

/** A polynomial times a number that is not 0. */
function scaled(poly: Poly, by: number): Known {
  return fromTerms(poly.terms.map((t) => term(t.n * by, t.d, t.atoms)));
}

function termsOf(a: Known): readonly Term[] {
  return typeof a === 'number' ? [term(a, 1, [])] : a.terms;
}

const negated = (a: Known): readonly Term[] => termsOf(a).map(({ n, d, atoms, key }) => ({ n: -n, d, atoms, key }));

const isConstant = (t: Term): boolean => t.atoms.length === 0;

/** Of constants. */
const constantOf = (terms: readonly Term[]): number => terms.reduce((sum, t) => sum + t.n / t.d, 0);

/** A term for each product of atoms, none of them 0, in the order in which they are met. */
function summed(terms: readonly Term[]): Term[] {
  const sums = new Map<string, Term>();
  for (const t of terms) {
    const s = sums.get(t.key);
    sums.set(t.key, s === undefined ? t : term(s.n * t.d + t.n * s.d, s.d * t.d, t.atoms));
  }
  return [...sums.values()].filter((t) => t.n !== 0);
}

function fromTerms(terms: readonly Term[]): Known {
  const only = terms[0];
  if (terms.length === 1 && only !== undefined && only.atoms.length > 0 && only.n !== 0)
    return { kind: 'poly', terms, key: `${only.n}/${only.d}:${only.key}` };
  const kept = summed(terms);
  if (kept.every(isConstant)) return constantOf(kept);
  kept.sort(byDegree);
  return { kind: 'poly', terms: kept, key: kept.map((t) => `${t.n}/${t.d}:${t.key}`).join('+') };
}

function byDegree(s: Term, t: Term): number {
  return t.atoms.length - s.atoms.length || (s.key < t.key ? -1 : s.key > t.key ? 1 : 0);
}

function call(name: string, args: readonly Known[]): Poly {
  const key = `${name}(${args.map((a) => (typeof a === 'number' ? String(a) : a.key)).join(',')})`;
  return fromTerms([term(1, 1, [{ kind: 'call', name, args, key }])]) as Poly;
}

/**
 * Rounds in normal form: whole parts come out, so that `floor(h + w/2)` is `h + floor(w/2)` and `floor(3*h/2)` is
 * `h + floor(h/2)`; ceil becomes floor, as `ceil(p/d) = floor((p + d - 1)/d)` for whole p; and nested floors become one,
 * as `floor((q + floor(y))/d) = floor((q + y)/d)`.
 */
function round(a: Dim, name: 'floor' | 'ceil', exact: (x: number) => number): Dim {
  // Adding 0 turns -0 into 0.
  if (typeof a === 'number') return exact(a) + 0;
  if (!isPoly(a) || isWhole(a)) return a;
  if (!a.terms.every((t) => Number.isInteger(t.n) && t.atoms.every(isWholeAtom))) {
    const [whole, rest] = [a.terms.filter(isWholeTerm), a.terms.filter((t) => !isWholeTerm(t))];
    const inner = fromTerms(rest);
    return add(fromTerms(whole), typeof inner === 'number' ? exact(inner) : call(name, [inner]));
  }
  if (name === 'ceil') {
    const d = commonDenominator(a.terms);
    return round(fromTerms([...a.terms, term(d - 1, d, [])]), 'floor', Math.floor);
  }
  const parts = a.terms.map((t) => ({ t, whole: Math.floor(t.n / t.d) }));
  const whole = fromTerms(parts.map(({ t, whole }) => term(whole, 1, t.atoms)));
  const rest = parts.map(({ t, whole }) => term(t.n - whole * t.d, t.d, t.atoms)).filter((t) => t.n !== 0);
  return add(whole, floorOfFractions(rest));
}
/** The floor of whole atoms with coefficients between 0 and 1. */
function floorOfFractions(terms: readonly Term[]): Dim {
  if (terms.every(isConstant)) return 0;
  const d = commonDenominator(terms);
  const nested = terms.filter((t) => t.n * (d / t.d) === 1 && floorArgument(t) !== undefined);
  const [only] = nested;
  const inside = only === undefined ? undefined : floorArgument(only);
  if (only === undefined || inside === undefined || nested.length > 1) return call('floor', [fromTerms(terms)]);
  const rest = fromTerms(terms.filter((t) => t !== only));
  return floor(add(rest, div(inside, d)));
}

/** y, where the term is a multiple of `floor(y)`. */
function floorArgument({ atoms }: Term): Known | undefined {
  const [atom, more] = atoms;
  return atom?.kind === 'call' && atom.name === 'floor' && more === undefined ? atom.args[0] : undefined;
}

const commonDenominator = (terms: readonly Term[]): number => terms.reduce((d, t) => (d * t.d) / gcd(d, t.d), 1);

/** Whether the dim is an integer for every value of its symbols. */
const isWhole = (a: Known): boolean => (typeof a === 'number' ? Number.isInteger(a) : a.terms.every(isWholeTerm));

const isWholeTerm = (t: Term): boolean => t.d === 1 && Number.isInteger(t.n) && t.atoms.every(isWholeAtom);

const wholeCalls: ReadonlySet<string> = new Set(['mod', 'max', 'min', 'abs']);

const isWholeAtom = (a: Atom): boolean =>
  a.kind === 'symbol' || a.name === 'floor' || (wholeCalls.has(a.name) && a.args.every(isWhole));

function atomAtLeast(a: Atom): number {
  if (a.kind === 'symbol') return 1;
  const bounds = a.args.map(atLeast);
  if (a.name === 'floor') return Math.floor(bounds[0] ?? -Infinity);
  if (a.name === 'max') return Math.max(...bounds);
  if (a.name === 'min') return Math.min(...bounds);
  return a.name === 'mod' && (bounds[0] ?? -1) >= 0 ? 0 : -Infinity;
}

/** The remainder of a division by the positive integer `b`, where only the constant term leaves one. */
function remainder(a: Poly, b: number): number | undefined {
  if (!isWhole(a) || !Number.isInteger(b) || b <= 0) return undefined;
  const constant = a.terms.find(isConstant)?.n ?? 0;
  return a.terms.every((t) => t.atoms.length === 0 || t.n % b === 0) ? ((constant % b) + b) % b : undefined;
}

const symbolOf = (atom: Atom): Poly => fromTerms([term(1, 1, [atom])]) as Poly;

function substituteAtom(atom: Atom, values: ReadonlyMap<string, Dim>): Dim {
  if (atom.kind === 'symbol') return values.get(symbolOf(atom).key) ?? symbolOf(atom);
  const args = atom.args.map((a) => substitute(a, values));
  const rebuild = rebuilders[atom.name];
  return rebuild === undefined ? (args.every(isDefinite) ? call(atom.name, args) : '?') : rebuild(args);
}

/** How the functions that this module knows are worked out anew; others keep their name. */
const rebuilders: Readonly<Record<string, (args: readonly Dim[]) => Dim>> = {
  floor: ([x = '?']) => floor(x),
  ceil: ([x = '?']) => ceil(x),
  div: ([x = '?', y = '?']) => div(x, y),
  mod: ([x = '?', y = '?']) => mod(x, y),
  max: (args) => apply('max', args, Math.max),
  min: (args) => apply('min', args, Math.min),
  abs: (args) => apply('abs', args, Math.abs),
};

/** x / y where the quotient is a number or y is one term that divides each of x's. */
function quotient(x: Known, y: Poly): Dim | undefined {
  if (typeof x === 'number') return x === 0 ? 0 : undefined;
  const [by, ...more] = y.terms;
  if (by === undefined) return undefined;
  if (more.length > 0) {
    const first = x.terms[0];
    if (first === undefined || first.key !== by.key) return undefined;
    const ratio = (first.n * by.d) / (first.d * by.n);
    return sub(x, mul(ratio, y)) === 0 ? ratio : undefined;
  }
  const divided: Term[] = [];
  for (const t of x.terms) {
    const atoms = [...t.atoms];
    for (const atom of by.atoms) {
      const at = atoms.findIndex((a) => a.key === atom.key);
      if (at < 0) return undefined;
      atoms.splice(at, 1);
    }
    divided.push(by.n < 0 ? term(-t.n * by.d, t.d * -by.n, atoms) : term(t.n * by.d, t.d * by.n, atoms));
  }
  return fromTerms(divided);
}

// ---------------------------------------------------------------- in words

function showPoly(poly: Poly): string {
  return poly.terms
    .map((t, i) => {
      const sign = t.n < 0 ? (i === 0 ? '-' : ' - ') : i === 0 ? '' : ' + ';
      return sign + showTerm(t);
    })
    .join('');
}

function showTerm(t: Term): string {
  const n = Math.abs(t.n);
  const factors = t.atoms.map(showAtom);
  if (n !== 1 || factors.length === 0) factors.unshift(String(n));
  return factors.join('*') + (t.d === 1 ? '' : `/${t.d}`);
}

function showAtom(atom: Atom): string {
  if (atom.kind === 'symbol') return atom.name;
  const ceiling = atom.name === 'floor' ? ceilArgument(atom.args[0]) : undefined;
  if (ceiling !== undefined) return `ceil(${showDim(ceiling)})`;
  const args = atom.args.map((a) => showDim(a));
  if (atom.name === 'div' || atom.name === 'mod') return `(${args.join(atom.name === 'div' ? ' / ' : ' % ')})`;
  return `${atom.name}(${args.join(', ')})`;
}

/** x, where the argument of a floor is x + (d - 1)/d for the common denominator d of x: the floor is x's ceiling. */
function ceilArgument(a: Known | undefined): Known | undefined {
  if (!isPoly(a)) return undefined;
  const rest = a.terms.filter((t) => t.atoms.length > 0);
  const constant = a.terms.find(isConstant);
  const d = commonDenominator(rest);
  return constant?.d === d && constant.n === d - 1 ? fromTerms(rest) : undefined;
}
