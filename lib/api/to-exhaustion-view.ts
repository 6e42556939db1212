import type * as z from 'zod';
import type { SubnetRoom } from '../domain/capacity/binding-room.ts';
import type { ForecastQuality } from '../domain/trend/calibration.ts';
import { type Exhaustion, type MissingHistory, missingHistoryText, ruledOutText } from '../domain/trend/exhaustion.ts';
import { seriesText } from '../domain/trend/series-text.ts';
import type { ExhaustionView, QualityView } from './exhaustion-view.ts';
import { toSubnetRoomView } from './to-subnet-room-view.ts';

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
