import { ArrayValue, ObjectValue, type Value } from './values';

/** A parsed JSON document as a value. */
export function fromJson(json: unknown): Value {
  if (Array.isArray(json)) return new ArrayValue(json.map(fromJson));
  if (typeof json === 'object' && json !== null) {
    return new ObjectValue(new Map(Object.entries(json).map(([key, value]) => [key, { value: fromJson(value) }])));
  }
  return json as string | number | boolean | null;
}

/** A value as a JSON document, where all of it is known. */
export function asJson(value: Value): { readonly json: unknown } | undefined {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return { json: value };
  if (value instanceof ArrayValue) {
    const items = value.elements.map(asJson);
    if (value.rest !== undefined || !items.every((item) => item !== undefined)) return undefined;
    return { json: items.map(({ json }) => json) };
  }
  if (!(value instanceof ObjectValue) || value.open !== undefined || value.slot !== undefined) return undefined;
  const entries: [string, unknown][] = [];
  for (const [key, property] of value.properties) {
    if (property.value === undefined) continue;
    const inner = asJson(property.value);
    if (inner === undefined) return undefined;
    entries.push([key, inner.json]);
  }
  return { json: Object.fromEntries(entries) };
}
