import * as z from 'zod';
import { SubnetRoomView } from './subnet-room-view.ts';

const probability = z.number().min(0).max(1).nullable();

const count = z.int().nonnegative();

/** Errors a week ahead in units of what a week changes, and the share of peaks within the 80 % interval. */
export const QualityView = z
  .object({
    mase7: z.number().nullable().describe('The error a week ahead, in units of what a week changes'),
    coverage80: z.number().nullable().describe('The share of peaks within the 80 % interval, 0 to 1'),
    originCount: z.int().nonnegative().describe('From how many days of the past it was tried'),
  })
  .nullable();

/** When what has to stay free is reached: never a lone date. */
export const ExhaustionView = z.object({
  series: z
    .enum(['addresses', 'blocks'])
    .nullable()
    .describe(
      'What the forecast is of: the earlier of addresses and the /28 blocks that prefixes need; null without one, and where it rules out both',
    ),
  bindingRoom: SubnetRoomView.nullable().describe(
    'What runs out first as of now, whatever is forecast: /28 blocks where nodes take them and cannot do without, otherwise addresses. Null without IPv4 addresses',
  ),
  missingHistory: z
    .object({
      series: z.enum(['addresses', 'blocks']),
      dayCount: count,
      neededDayCount: count,
      since: z.iso.date().nullable(),
    })
    .nullable()
    .describe(
      'What has no forecast, since too few days of it have hours enough: `since` is the first that counts, and where none does, the day before which none did. It may run out earlier. Null where nothing lacks one',
    ),
  p10: z.iso.date().nullable().describe('One chance in ten that it is reached by then'),
  p50: z.iso.date().nullable().describe('As likely as not by then'),
  p90: z.iso.date().nullable().describe('Nine chances in ten by then'),
  notBefore: z.iso
    .date()
    .nullable()
    .describe('As p10: said where p50 is null, since fewer than half of all futures get there'),
  toldUntil: z.iso.date().nullable().describe('Nothing is said of later days'),
  reason: z
    .string()
    .nullable()
    .describe(
      'Why there is no p50: no-history (a single look), insufficient-history, not-expected, less-than-even by toldUntil; null where there is one',
    ),
  message: z.string().describe('All of it as a sentence'),
  floorCount: count.nullable().describe('How many addresses or blocks count as run out'),
  probability: z
    .object({ d7: probability, d14: probability, d30: probability, d90: probability, d180: probability })
    .describe('How likely it is within so many days; null where the history does not say'),
  historyDayCount: count.describe('Days that it rests on'),
  quality: QualityView.describe(
    'How good forecasts of this subnet would have been a week ahead, on its own past; null where it is too short or none was drawn',
  ),
  caveats: z.array(z.string()),
});
export type ExhaustionView = z.infer<typeof ExhaustionView>;
