/**
 * Leaves out of a record what a prediction of it already says, and puts it back. Records within are gone through as well; any
 * other value is left out as a whole or not at all. It is for records that always have all of their fields: a field that is not
 * there was left out.
 */
type PlainRecord = Readonly<Record<string, unknown>>;

export function withoutPredicted(value: PlainRecord, predicted: PlainRecord): PlainRecord {
  const rest: Record<string, unknown> = {};
  for (const [name, own] of Object.entries(value)) {
    const expected = predicted[name];
    if (!Object.hasOwn(predicted, name)) {
      rest[name] = own;
    } else if (isRecord(own) && isRecord(expected)) {
      rest[name] = withoutPredicted(own, expected);
    } else if (!isSame(own, expected)) {
      rest[name] = own;
    }
  }
  return rest;
}

/** Returns what `withoutPredicted` was given, of what it gave and the same prediction. */
export function withPredicted(rest: PlainRecord, predicted: PlainRecord): PlainRecord {
  const value: Record<string, unknown> = { ...rest };
  for (const [name, expected] of Object.entries(predicted)) {
    const own = rest[name];
    if (!Object.hasOwn(rest, name)) {
      value[name] = expected;
    } else if (isRecord(own) && isRecord(expected)) {
      value[name] = withPredicted(own, expected);
    }
  }
  return value;
}

export function isRecord(value: unknown): value is PlainRecord {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => Object.is(item, b[index]));
  }
  return Object.is(a, b);
}
