import * as z from 'zod';
import type { CrossingForecast } from '../domain/trend/forecast.ts';
import { dateOfDay } from './exhaustion-view.ts';

/** When what is free comes down to a line. */
export const CrossingView = z.object({
  floorCount: z.int().nonnegative(),
  p10: z.iso.date().nullable(),
  p50: z.iso.date().nullable(),
  p90: z.iso.date().nullable(),
  toldUntil: z.iso.date().nullable(),
});

/** Turns days after the first one forecast into dates. */
export function toCrossingView(
  { floor, p10, p50, p90, censoredAt }: CrossingForecast,
  firstDay: number,
): z.infer<typeof CrossingView> {
  const dateOf = (days: number | undefined) => (days === undefined ? null : dateOfDay(firstDay + days - 1));
  return { floorCount: floor, p10: dateOf(p10), p50: dateOf(p50), p90: dateOf(p90), toldUntil: dateOf(censoredAt) };
}
