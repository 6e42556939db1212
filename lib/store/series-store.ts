import type { SamplesAndForecasts, SeriesReader, SeriesStore, StoredForecasts } from '../audit/store-ports.ts';
import { type BoundedMap, boundedMap } from '../domain/bounded-map.ts';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import type { SeriesSample } from '../domain/trend/series.ts';
import { changeDocument } from './change-document.ts';
import { dailyRoom, keepDailyRoom } from './daily-room.ts';
import { decodeDocument } from './document-kind.ts';
import { forecastsIn } from './forecast-store.ts';
import { EVENTUAL, getItem } from './items.ts';
import { canonicalInstant, keptMs } from './kept-instant.ts';
import { forecastsKey, seriesDayKey, stateKey } from './keys.ts';
import { type KeptDocuments, keptDocuments, readPackedBetween } from './packed-between.ts';
import type { PackedDocument } from './packed-document.ts';
import { encodeSeries, SERIES_DOCUMENT, seriesDocumentOf } from './series-codec.ts';
import { nowSeconds, type StoreTable } from './table.ts';
import { waitingIn } from './waiting-samples.ts';

const MS_PER_DAY = 86_400_000;
const SECONDS_PER_DAY = 86_400;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_LENGTH = '2026-11-23'.length;

/** How long is kept what, counted from the end of a day, as the settings say it. */
export interface SeriesRetention {
  readonly hourlySeriesDays: number;
  readonly dailySeriesDays: number;
}

/** What the design keeps where no settings say otherwise. */
const DESIGNED_RETENTION: SeriesRetention = { hourlySeriesDays: 90, dailySeriesDays: 397 };

/** Keeps what was observed of VPCs over time: every observation in a document a day, the least of each day in one a month. */
export function createSeriesStore(table: StoreTable, retention: SeriesRetention = DESIGNED_RETENTION): SeriesStore {
  const { hourlySeriesDays, dailySeriesDays } = retention;
  return {
    ...createSeriesReader(table),
    async addSample(vpc, ...added) {
      for (const [day, ofDay] of Map.groupBy(added, dayOf)) {
        await addSamples(table, vpc, { day, samples: ofDay }, hourlySeriesDays);
      }
    },
    keepDailyRoom: (vpc, rooms) => keepDailyRoom(table, vpc, rooms, dailySeriesDays),
  };
}

/** Reads what was observed of VPCs over time. */
export function createSeriesReader(table: StoreTable): SeriesReader {
  const kept: KeptSeries = {
    documents: keptDocuments(KEPT_DOCUMENTS_MAX),
    samples: boundedMap(KEPT_SAMPLES_MAX, ({ samples: { length } }) => length),
  };
  return {
    samples: async (...asked) => (await readSeries(table, asked, kept, { isWithForecasts: false })).samples,
    samplesAndForecasts: (...asked) => readSeries(table, asked, kept, { isWithForecasts: true }),
    dailyRoom: (vpc, days) => dailyRoom(table, vpc, days),
  };
}

/** Returns the UTC day of a sample, `2026-11-23`. */
function dayOf({ observedAt }: SeriesSample): string {
  return canonicalInstant(observedAt).slice(0, DAY_LENGTH);
}

async function addSamples(
  table: StoreTable,
  vpc: VpcId,
  { day, samples: added }: { readonly day: string; readonly samples: readonly SeriesSample[] },
  keptDays: number,
): Promise<void> {
  const dayCount = Math.floor(Date.parse(day) / MS_PER_DAY) + 1;
  const expiresAt = (dayCount + keptDays) * SECONDS_PER_DAY;
  if (expiresAt <= nowSeconds(table)) {
    return;
  }
  await changeDocument(table, seriesDayKey(vpc, day), {
    kind: SERIES_DOCUMENT,
    encode: encodeSeries,
    expiresAt,
    onlyGrows: true,
    change(known = []) {
      const all = withSamples(known, added);
      return all.length === known.length ? undefined : all;
    },
  });
}

/** Returns samples with those that are not among them, in their order. */
function withSamples(known: readonly SeriesSample[], added: readonly SeriesSample[]): readonly SeriesSample[] {
  const all = [...known, ...added];
  // Of the same ones the first stays: sorting is stable.
  const sorted = all.toSorted(compareSamples);
  return sorted.filter((sample, index) => {
    const before = sorted[index - 1];
    return before === undefined || compareSamples(before, sample) !== 0;
  });
}

/** By the time of observation. Samples that compare as equal are the same. */
function compareSamples(a: SeriesSample, b: SeriesSample): number {
  return (
    keptMs(a.observedAt) - keptMs(b.observedAt) ||
    compareTexts(a.viewerAccountId, b.viewerAccountId) ||
    compareTexts(a.kind, b.kind)
  );
}

function compareTexts(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

/** Samples of one subnet as they were read last, and which documents these were. */
interface KeptSamples {
  readonly versions: string;
  readonly samples: readonly SeriesSample[];
}

/** What was read for one subnet after the other: days and forecasts of VPCs as documents, and samples of subnets. */
interface KeptSeries {
  readonly documents: KeptDocuments;
  readonly samples: BoundedMap<KeptSamples>;
}

/** Of 90 days of ten VPCs, at a few kilobytes each. */
const KEPT_DOCUMENTS_MAX = 900;
/** Of 90 days of about ten subnets, at some 300 bytes each. */
const KEPT_SAMPLES_MAX = 20_000;

type Asked = Parameters<SeriesReader['samples']>;

/** Reads the days that are asked for, what waits to join them, and in the same Query what was forecast, where that is asked for too. */
async function readSeries(
  table: StoreTable,
  [vpc, { from, to }, { subnetId, waiting: known } = {}]: Asked,
  kept: KeptSeries,
  { isWithForecasts }: { readonly isWithForecasts: boolean },
): Promise<SamplesAndForecasts> {
  if (!(DAY.test(from) && DAY.test(to))) {
    throw new RangeError(`Cannot read series from "${from}" to "${to}": a day is of the form 2026-11-23`);
  }
  // Before the days: what joins them meanwhile is then there twice, and never nowhere.
  const waiting = (known ?? (await readWaiting(table, vpc))).filter((sample) => isWithin(sample, { from, to }));
  const first = seriesDayKey(vpc, from);
  const lastDay = seriesDayKey(vpc, to);
  const forecastsPlace = forecastsKey(vpc);
  const last = isWithForecasts ? forecastsPlace : lastDay;
  const documents = await readPackedBetween(table, first, last, subnetId === undefined ? undefined : kept.documents);
  const days = documents.filter(({ key }) => key.sk <= lastDay.sk);
  const forecasts = documents.find(({ key }) => key.sk === forecastsPlace.sk);
  return {
    samples:
      subnetId === undefined
        ? withSamples(decodeDays(SERIES_DOCUMENT, days), waiting)
        : samplesOf(subnetId, days, waiting, { name: JSON.stringify([first.pk, from, to, subnetId]), kept }),
    forecasts: forecasts === undefined ? undefined : keptForecasts(forecasts),
  };
}

function decodeDays(kind: typeof SERIES_DOCUMENT, days: readonly PackedDocument[]): readonly SeriesSample[] {
  return days.flatMap((document) => [...decodeDocument(kind, document)]);
}

/** Samples of one subnet are the same object for as long as nothing was added to any of the days. */
function samplesOf(
  subnetId: string,
  days: readonly PackedDocument[],
  waiting: readonly SeriesSample[],
  { name, kept }: { readonly name: string; readonly kept: KeptSeries },
): readonly SeriesSample[] {
  const versions = [...days.map(({ version }) => version), ...waiting.map(nameOf)].join();
  const before = kept.samples.get(name);
  if (before?.versions === versions) {
    return before.samples;
  }
  const all = withSamples(
    decodeDays(seriesDocumentOf(subnetId), days),
    waiting.map((sample) => ofSubnet(sample, subnetId)),
  );
  kept.samples.set(name, { versions, samples: all });
  return all;
}

const known = new WeakMap<PackedDocument, StoredForecasts>();

/** Made once a day and read every few seconds: of a document that is kept they are kept too. */
function keptForecasts(document: PackedDocument): StoredForecasts {
  const forecasts = known.get(document) ?? forecastsIn(document);
  known.set(document, forecasts);
  return forecasts;
}

async function readWaiting(table: StoreTable, vpc: VpcId): Promise<readonly SeriesSample[]> {
  const state = await getItem(table, stateKey(vpc), EVENTUAL);
  return state === undefined ? [] : waitingIn(state);
}

function isWithin(sample: SeriesSample, { from, to }: { readonly from: string; readonly to: string }): boolean {
  const day = dayOf(sample);
  return day >= from && day <= to;
}

/** Names a sample among those of a VPC. */
function nameOf({ observedAt, viewerAccountId, kind }: SeriesSample): string {
  return [observedAt, viewerAccountId, kind].join(' ');
}

function ofSubnet(sample: SeriesSample, subnetId: string): SeriesSample {
  const point = sample.points.get(subnetId);
  return { ...sample, points: new Map(point === undefined ? [] : [[subnetId, point]]) };
}
