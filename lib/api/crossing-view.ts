import * as z from 'zod';

/** When what is free comes down to a line. */
export const CrossingView = z.object({
  floorCount: z.int().nonnegative(),
  p10: z.iso.date().nullable(),
  p50: z.iso.date().nullable(),
  p90: z.iso.date().nullable(),
  toldUntil: z.iso.date().nullable(),
});
