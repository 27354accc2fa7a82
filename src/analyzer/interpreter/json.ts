import { ArrayValue, ObjectValue, type Value } from './values';

/** A parsed JSON document as a value. */
export function fromJson(json: unknown): Value {
  if (Array.isArray(json)) return new ArrayValue(json.map(fromJson));
  if (typeof json === 'object' && json !== null) {
    return new ObjectValue(new Map(Object.entries(json).map(([key, value]) => [key, { value: fromJson(value) }])));
  }
  return json as string | number | boolean | null;
}
