import type { Instant } from './fact.ts';

const MS_PER_SECOND = 1000;
const MS_PER_MINUTE = 60 * MS_PER_SECOND;
const MS_PER_HOUR = 60 * MS_PER_MINUTE;
const MS_PER_DAY = 24 * MS_PER_HOUR;

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The Gregorian calendar repeats after 400 years, which have this many days. */
const YEARS_PER_ERA = 400;
const DAYS_PER_ERA = 146_097;
/** Days from 0000-03-01, where an era starts, to 1970-01-01. */
const DAYS_TO_UNIX_EPOCH = 719_468;

/**
 * Returns the milliseconds from 1970-01-01T00:00:00Z to an instant, negative before it. Takes a date and a time to the
 * second or finer, in UTC (`Z`) or with an offset (`+02:00`), as RFC 3339 has them; digits past the millisecond are cut off.
 * Returns `undefined` for any other text, for days that the calendar lacks and for leap seconds.
 * https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export function instantMs(instant: Instant): number | undefined {
  const match = INSTANT.exec(instant);
  if (match === null) {
    return undefined;
  }
  const year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  const timeMs = timeOfDayMs(Number(match[4]), Number(match[5]), Number(match[6]));
  // `Z` and a whole second leave these groups out: no offset and no fraction are what such a text states.
  const offsetMs = timeOfDayMs(Number(match[9] ?? 0), Number(match[10] ?? 0), 0);
  const fractionMs = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  if (timeMs === undefined || offsetMs === undefined || !isDayOfCalendar(year, month, day)) {
    return undefined;
  }
  const localMs = daysSinceUnixEpoch(year, month, day) * MS_PER_DAY + timeMs + fractionMs;
  return match[8] === '-' ? localMs + offsetMs : localMs - offsetMs;
}

function timeOfDayMs(hours: number, minutes: number, seconds: number): number | undefined {
  if (hours > 23 || minutes > 59 || seconds > 59) {
    return undefined;
  }
  return hours * MS_PER_HOUR + minutes * MS_PER_MINUTE + seconds * MS_PER_SECOND;
}

function isDayOfCalendar(year: number, month: number, day: number): boolean {
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % YEARS_PER_ERA === 0);
  const days = month === 2 && isLeapYear ? 29 : DAYS_IN_MONTH[month - 1];
  return days !== undefined && day >= 1 && day <= days;
}

/**
 * Counts days in years that start on 1 March, so that the leap day is the last one of its year.
 * https://howardhinnant.github.io/date_algorithms.html#days_from_civil
 */
function daysSinceUnixEpoch(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / YEARS_PER_ERA);
  const yearOfEra = marchYear - era * YEARS_PER_ERA;
  const monthFromMarch = (month + 9) % 12;
  // Months from March have 31, 30, 31, 30, 31 days, again and again: 153 in five months.
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - DAYS_TO_UNIX_EPOCH;
}
