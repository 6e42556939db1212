import * as z from 'zod';
import { CrossingView } from './crossing-view.ts';
import { ExhaustionView, QualityView } from './exhaustion-view.ts';
import { roomFields } from './room-view.ts';

const count = z.int().nonnegative();

const SeriesForecastView = z.object({
  series: z.enum(['addresses', 'blocks']),
  method: z
    .enum(['none', 'level', 'trend', 'screened', 'bounded'])
    .describe(
      'screened: no future that the history allows gets there; bounded: so few do that none was drawn. `bound` says within how many days',
    ),
  bound: z
    .object({ withinDays: count, probabilityBelow: z.number().nullable() })
    .nullable()
    .describe('The floor is reached within these days with less than this probability; null: not at all'),
  quality: QualityView.describe('How good forecasts of this series would have been a week ahead, on its own past'),
  trainedFrom: z.iso.date().nullable(),
  trainedTo: z.iso.date().nullable(),
  dayCount: count,
  capacityCount: z.number(),
  breaks: z.array(z.object({ date: z.iso.date(), reason: z.string() })),
  horizons: z
    .array(z.object({ date: z.iso.date(), days: count, p10: z.number(), p50: z.number(), p90: z.number() }))
    .describe('What is free at the least on that day; below zero so much is wanted and not there'),
  atFloor: CrossingView.nullable(),
  atZero: CrossingView.nullable(),
  caveats: z.array(z.string()),
});

/** How the room of a subnet went, and where it goes. */
export const TrendView = z.object({
  subnetId: z.string(),
  vpcId: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
  observedAt: z.iso.datetime().describe("When EC2's counter was read that addressesLeft rests on"),
  addressesLeft: count.nullable().describe('As of observedAt; null without IPv4 addresses'),
  usableAddressCount: count.nullable().describe('All addresses but the five AWS keeps'),
  maxPrefixCount: count.nullable().describe('/28 blocks an empty subnet of this size can give'),
  hourly: z
    .array(z.object({ at: z.iso.datetime(), ...roomFields }))
    .describe(
      'The least of each hour from the first to the last that was seen; an hour of which nothing was is null. Empty where the window is longer than 90 days',
    ),
  daily: z
    .array(z.object({ date: z.iso.date(), ...roomFields }))
    .describe('The least of each day; null where fewer than 18 hours were seen'),
  growth: z
    .object({ addressesPerDay: z.number(), low: z.number(), high: z.number(), dayCount: count })
    .nullable()
    .describe(
      'By how many addresses the daily peak of what is used rises, with its 90 % interval; null before 14 days, and where the window is longer than 90',
    ),
  exhaustion: ExhaustionView,
  forecastOf: z.iso.date().nullable().describe('The day that the forecast was made on, from the days before'),
  forecasts: z.array(SeriesForecastView),
  source: z.string().describe('What the numbers rest on'),
  history: z.string().describe('How much of the past is there, as a sentence'),
});
export type TrendView = z.infer<typeof TrendView>;
