import { isPoly, symbol } from '../../shapes/dim';
import { joinValues } from './join';
import { ArrayValue, isStructured, NOWHERE, PromiseValue, UnionValue, UnknownValue, type Value } from './values';

/** In place of what a promise settles to of which nobody knows how it is settled. */
export function unsettled(): UnknownValue {
  return new UnknownValue(
    { code: 'runtime-data', at: NOWHERE, text: 'a promise that is settled later' },
    undefined,
    symbol,
  );
}

/** What a promise settles to, as far as it is known by now; any other value as it is. */
export function awaited(value: Value): Value {
  if (value instanceof PromiseValue) return value.state === 'pending' ? unsettled() : awaited(value.value);
  if (value instanceof UnionValue) return value.options.map(awaited).reduce(joinValues);
  return value;
}

/** The text of a primitive or of a list of such; undefined where it is not known. */
export function asText(value: Value): string | undefined {
  if (isPoly(value)) return undefined;
  if (!isStructured(value)) return String(value);
  if (value instanceof ArrayValue && value.rest === undefined) {
    const parts = value.elements.map((e) => (e === undefined || e === null ? '' : asText(e)));
    return parts.every((p) => p !== undefined) ? parts.join(',') : undefined;
  }
  return undefined;
}
