/**
 * Recorded answers have the API's field names and times as text; the SDK hands out `Date` for these fields.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Types.html
 */
const DATE_FIELDS: ReadonlySet<string> = new Set([
  'AttachTime',
  'CreateTime',
  'CreationTime',
  'CreationTimestamp',
  'DeleteTime',
  'LaunchTime',
  'UsageOperationUpdateTime',
  'createdAt',
  'modifiedAt',
]);

/**
 * Returns a recorded answer as the SDK would have handed it out. `Answer` is the SDK's type of it: what the recording has
 * beyond that stays, and what it lacks is what these tests are about, so nothing but the times is touched or checked.
 */
export function recordedAnswer<Answer>(recorded: unknown): Answer {
  // The recording is of this very answer, as its file name says.
  return withDates(recorded) as Answer;
}

function withDates(value: unknown, field = ''): unknown {
  if (typeof value === 'string' && DATE_FIELDS.has(field)) {
    return new Date(value);
  }
  if (Array.isArray(value)) {
    return value.map((inner) => withDates(inner, field));
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withDates(inner, name)]))
    : value;
}
