import type * as z from 'zod';
import type { CrossingForecast } from '../domain/trend/forecast.ts';
import type { CrossingView } from './crossing-view.ts';
import { dateOfDay } from './to-exhaustion-view.ts';

/** Turns days after the first one forecast into dates. */
export function toCrossingView(
  { floor, p10, p50, p90, censoredAt }: CrossingForecast,
  firstDay: number,
): z.infer<typeof CrossingView> {
  const dateOf = (days: number | undefined) => (days === undefined ? null : dateOfDay(firstDay + days - 1));
  return { floorCount: floor, p10: dateOf(p10), p50: dateOf(p50), p90: dateOf(p90), toldUntil: dateOf(censoredAt) };
}
