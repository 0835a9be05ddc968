/**
 * A frozen deep copy without the fields that are `undefined` (MongoDB would keep them as null). Used on the way in and on
 * the way out, so that what is read is exactly what a write returned.
 * @param value objects, lists, dates and scalars; no class instances
 */
export function toPlain<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return new Date(value);
  if (Array.isArray(value)) return Object.freeze(value.map(copy));
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.freeze(Object.fromEntries(fields.map(([name, field]) => [name, copy(field)])));
}
