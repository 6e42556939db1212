/** The Gregorian calendar repeats after 400 years, which have this many days. */
const DAYS_PER_ERA = 146_097;
const YEARS_PER_ERA = 400;
/** Days from 0000-03-01, where an era starts, to 1970-01-01. */
const DAYS_TO_UNIX_EPOCH = 719_468;
const YEAR_DIGITS = 4;

/**
 * Returns a day, counted from 1970-01-01, as text: `2026-11-23`. The inverse of
 * https://howardhinnant.github.io/date_algorithms.html#civil_from_days, where years start on 1 March.
 */
export function utcDayText(day: number): string {
  const shifted = day + DAYS_TO_UNIX_EPOCH;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  // Months from March have 31, 30, 31, 30, 31 days, again and again: 153 in five months.
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = era * YEARS_PER_ERA + yearOfEra + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(YEAR_DIGITS, '0')}-${twoDigits(month)}-${twoDigits(dayOfMonth)}`;
}

function twoDigits(count: number): string {
  return String(count).padStart(2, '0');
}
