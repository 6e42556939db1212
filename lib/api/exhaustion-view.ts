import * as z from 'zod';
import type { SubnetRoom } from '../domain/capacity/binding-room.ts';
import type { ForecastQuality } from '../domain/trend/calibration.ts';
import { type Exhaustion, type MissingHistory, missingHistoryText, ruledOutText } from '../domain/trend/exhaustion.ts';
import { seriesText } from '../domain/trend/series-text.ts';
import { SubnetRoomView, toSubnetRoomView } from './subnet-room-view.ts';

const probability = z.number().min(0).max(1).nullable();
const count = z.int().nonnegative();

/** Errors a week ahead in units of what a week changes, and the share of peaks within the 80 % interval. */
export const QualityView = z
  .object({ mase7: z.number().nullable(), coverage80: z.number().nullable(), originCount: z.int().nonnegative() })
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
  p90: z.iso.date().nullable(),
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

const MS_PER_DAY = 86_400_000;

/** Turns whole days since 1970 into a date. */
export function dateOfDay(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, '2026-11-23'.length);
}

/** Turns what was forecast of a subnet, and what of it runs out first as of now, into its view. */
export function toExhaustionView(exhaustion: Exhaustion, room: SubnetRoom | undefined): ExhaustionView {
  return { ...forecastFields(exhaustion), bindingRoom: room === undefined ? null : toSubnetRoomView(room) };
}

type ForecastFields = Omit<ExhaustionView, 'bindingRoom'>;

function forecastFields(exhaustion: Exhaustion): ForecastFields {
  switch (exhaustion.state) {
    case 'no-history':
      return { ...NOTHING, reason: 'no-history', message: 'No forecast: this is a single look, without history' };
    case 'insufficient-history':
      return toShortHistoryView(exhaustion);
    case 'not-expected':
      return {
        ...NOTHING,
        reason: 'not-expected',
        message: asSentence(ruledOutText(exhaustion)),
        historyDayCount: exhaustion.dayCount,
      };
    case 'forecast':
      return toForecastView(exhaustion);
  }
}

function toShortHistoryView(exhaustion: Extract<Exhaustion, { state: 'insufficient-history' }>): ForecastFields {
  const { kind = 'addresses', other } = exhaustion;
  const missing = missingHistoryText(exhaustion);
  return {
    ...NOTHING,
    series: other?.kind ?? null,
    missingHistory: toMissingView({ ...exhaustion, kind }),
    reason: 'insufficient-history',
    message: asSentence(
      other === undefined ? missing : `${seriesText(other.kind)}: ${ruledOutText(other)}; ${missing}`,
    ),
    historyDayCount: (other ?? exhaustion).dayCount,
  };
}

function toMissingView({ kind, dayCount, neededDayCount, sinceDay }: MissingHistory): ForecastFields['missingHistory'] {
  return { series: kind, dayCount, neededDayCount, since: sinceDay === undefined ? null : dateOfDay(sinceDay) };
}

function asSentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

const NOTHING = {
  series: null,
  missingHistory: null,
  p10: null,
  p50: null,
  p90: null,
  notBefore: null,
  toldUntil: null,
  floorCount: null,
  probability: { d7: null, d14: null, d30: null, d90: null, d180: null },
  historyDayCount: 0,
  quality: null,
  caveats: [],
} satisfies Omit<ForecastFields, 'reason' | 'message'>;

type Forecasted = Extract<Exhaustion, { state: 'forecast' }>;

function toForecastView(exhaustion: Forecasted): ForecastFields {
  const { kind, p10, p50, p90, censoredDay, floor, dayCount, quality, caveats, missing } = exhaustion;
  const within = (days: number) => exhaustion.probability.get(days) ?? null;
  const dateOf = (day: number | undefined) => (day === undefined ? null : dateOfDay(day));
  return {
    series: kind,
    missingHistory: missing === undefined ? null : toMissingView(missing),
    p10: dateOf(p10),
    p50: dateOf(p50),
    p90: dateOf(p90),
    notBefore: dateOf(p10),
    toldUntil: dateOfDay(censoredDay),
    reason: reasonOf(exhaustion),
    message: messageOf(exhaustion) + (missing === undefined ? '' : `; ${missingHistoryText(missing)}`),
    floorCount: floor,
    probability: { d7: within(7), d14: within(14), d30: within(30), d90: within(90), d180: within(180) },
    historyDayCount: dayCount,
    quality: toQualityView(quality),
    caveats: [...caveats],
  };
}

export function toQualityView(quality: ForecastQuality | undefined): z.infer<typeof QualityView> {
  return quality === undefined
    ? null
    : { mase7: quality.mase7 ?? null, coverage80: quality.coverage80 ?? null, originCount: quality.originCount };
}

function reasonOf({ p10, p50 }: Forecasted): string | null {
  if (p50 !== undefined) {
    return null;
  }
  return p10 === undefined ? 'not-expected' : 'less-than-even';
}

function messageOf({ kind, method, p10, p50, p90, censoredDay, probability }: Forecasted): string {
  const what = asSentence(seriesText(kind));
  const until = dateOfDay(censoredDay);
  const month = probability.get(30);
  const chance = month === undefined ? '' : `; chance within 30 days ${percent(month)}`;
  const basis = method === 'level' ? ', by the level of the last days alone' : '';
  if (p10 === undefined) {
    return `${what} are not expected to run out by ${until}${chance}${basis}`;
  }
  if (p50 === undefined) {
    return `${what} run out not before ${dateOfDay(p10)}; less likely than not by ${until}${chance}${basis}`;
  }
  const end = p90 === undefined ? `later than ${until}` : dateOfDay(p90);
  return `${what} run out most likely ${dateOfDay(p50)}, 80 %: between ${dateOfDay(p10)} and ${end}${chance}${basis}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
