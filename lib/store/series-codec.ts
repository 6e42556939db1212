import type { SeriesPoint, SeriesSample } from '../domain/trend/series.ts';
import { columnsDocument, encodeDocument } from './columns-document.ts';
import type { DocumentKind } from './document-kind.ts';
import { keptMs } from './kept-instant.ts';
import { list, numeric, oneOf, record, text } from './shape.ts';
import { columnValue, type Steps, stepReader, stepsOf, stepsShape } from './steps.ts';

/** What a point may say besides EC2's count, in the order of their bits in `presence`. */
const OPTIONAL_FIELDS = [
  'usedAddressCount',
  'freeAddressCount',
  'reservedAddressCount',
  'freePrefixCount',
  'freePrefixCountMost',
  'strandedAddressCount',
] as const satisfies readonly (keyof SeriesPoint)[];
const FIELDS = ['availableIpAddressCount', ...OPTIONAL_FIELDS] as const;
type Field = (typeof FIELDS)[number];

/** A VPC has at most five IPv4 blocks of a /16, so no count comes near. https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const COUNT_MAX = 2 ** 32;

/**
 * The samples of a day, laid out so that nothing is said of a counter that stays. What a point says is written as its distance
 * to what EC2's count foretells of it, so that an address that is taken is one change, not three.
 */
interface SeriesDay {
  readonly observedAtMs: readonly number[];
  readonly kinds: readonly SeriesSample['kind'][];
  readonly viewerAccountIds: readonly string[];
  /** Of every subnet that some sample has a point of. */
  readonly subnetIds: readonly string[];
  /**
   * Sample by sample, for each subnet: 0 where the sample has no point of it, otherwise 1 and the bits of the fields that the
   * point has besides EC2's count.
   */
  readonly presence: Steps;
  /** For each of `FIELDS` the values that are there: those of the first subnet in the order of the samples, then the next subnet's. */
  readonly columns: readonly Steps[];
}

const SERIES_DAY = columnsDocument(
  'series',
  1,
  record<SeriesDay>({
    observedAtMs: list(numeric),
    kinds: list(oneOf<SeriesSample['kind']>({ scan: true, pulse: true, request: true })),
    viewerAccountIds: list(text),
    subnetIds: list(text),
    presence: stepsShape,
    columns: list(stepsShape),
  }),
);

/** Samples of one day, in the order that they are handed over. Their times are kept to the millisecond, in UTC. */
export const SERIES_DOCUMENT: DocumentKind<readonly SeriesSample[]> = {
  name: SERIES_DAY.name,
  schemaVersion: SERIES_DAY.schemaVersion,
  decode: (bytes) => samplesOf(SERIES_DAY.decode(bytes)),
};

/** The same, decoded without the points of other subnets. */
export function seriesDocumentOf(subnetId: string): DocumentKind<readonly SeriesSample[]> {
  return { ...SERIES_DOCUMENT, decode: (bytes) => samplesOf(SERIES_DAY.decode(bytes), subnetId) };
}

/** Returns samples of one day as the bytes that `SERIES_DOCUMENT` reads. Throws where one is no count. */
export function encodeSeries(samples: readonly SeriesSample[]): Uint8Array {
  return encodeDocument(SERIES_DAY, dayOf(samples));
}

function dayOf(samples: readonly SeriesSample[]): SeriesDay {
  const subnetIds = [...new Set(samples.flatMap(({ points }) => [...points.keys()]))].sort();
  const points = subnetIds.flatMap((subnetId) => samples.flatMap((sample) => sample.points.get(subnetId) ?? []));
  return {
    observedAtMs: samples.map(({ observedAt }) => keptMs(observedAt)),
    kinds: samples.map(({ kind }) => kind),
    viewerAccountIds: samples.map(({ viewerAccountId }) => viewerAccountId),
    subnetIds,
    presence: stepsOf(
      samples.flatMap((sample) => subnetIds.map((subnetId) => presenceOf(sample.points.get(subnetId)))),
    ),
    columns: FIELDS.map((field) => stepsOf(points.flatMap((point) => writtenValue(point, field) ?? []))),
  };
}

function presenceOf(point: SeriesPoint | undefined): number {
  return point === undefined
    ? 0
    : OPTIONAL_FIELDS.reduce((bits, field, index) => bits + (point[field] === undefined ? 0 : 2 ** index), 1);
}

function writtenValue(point: SeriesPoint, field: Field): number | undefined {
  const count = point[field];
  if (count === undefined) {
    return undefined;
  }
  if (!Number.isSafeInteger(count) || Math.abs(count) > COUNT_MAX) {
    throw new Error(`Cannot write series: ${field} is ${count}, which is no count`);
  }
  return count - foretold(field, point);
}

/**
 * What a field is by the fields before it, as long as nothing else happens: by the address map as much is free as EC2 counts,
 * and what is used falls as that rises. What is written is the difference to it, so a bad
 * guess costs bytes and no truth: where there is nothing to tell from, the difference is to zero.
 */
function foretold(field: Field, known: Partial<SeriesPoint>): number {
  const { availableIpAddressCount = 0, freePrefixCount = 0 } = known;
  switch (field) {
    case 'usedAddressCount':
      return -availableIpAddressCount;
    case 'freeAddressCount':
      return availableIpAddressCount;
    case 'freePrefixCountMost':
      return freePrefixCount;
    default:
      return 0;
  }
}

function samplesOf(day: SeriesDay, onlySubnetId?: string): SeriesSample[] {
  const { observedAtMs, kinds, viewerAccountIds, subnetIds, columns } = day;
  if (columns.length !== FIELDS.length) {
    throw new Error(`the document holds no series: it has ${columns.length} columns`);
  }
  const presence = stepReader(day.presence);
  const bits = observedAtMs.map(() => subnetIds.map(() => presence()));
  const wanted = onlySubnetId === undefined ? subnetIds : subnetIds.filter((subnetId) => subnetId === onlySubnetId);
  const first = onlySubnetId === undefined ? 0 : subnetIds.indexOf(onlySubnetId);
  const counts = valueCounts(bits, first);
  const [available, ...optional] = columns.map((column, index) => stepReader(column, columnValue(counts, index)));
  const points = observedAtMs.map(() => new Map<string, SeriesPoint>());
  wanted.forEach((subnetId, index) => {
    points.forEach((ofSample, sampleIndex) => {
      const ofPoint = columnValue(columnValue(bits, sampleIndex), first + index);
      if (ofPoint > 0 && available !== undefined) {
        ofSample.set(subnetId, readPoint(ofPoint - 1, available(), optional));
      }
    });
  });
  return points.map((ofSample, index) => ({
    observedAt: new Date(columnValue(observedAtMs, index)).toISOString(),
    kind: columnValue(kinds, index),
    viewerAccountId: columnValue(viewerAccountIds, index),
    points: ofSample,
  }));
}

/** Returns how many values each of `FIELDS` has of the first subnets: there those of the next one begin. */
function valueCounts(bits: readonly (readonly number[])[], subnetCount: number): readonly number[] {
  const pointCounts: number[] = [];
  for (const ofSample of bits) {
    for (let index = 0; index < subnetCount; index += 1) {
      const ofPoint = columnValue(ofSample, index);
      pointCounts[ofPoint] = (pointCounts[ofPoint] ?? 0) + 1;
    }
  }
  const counts = FIELDS.map(() => 0);
  pointCounts.forEach((pointCount, ofPoint) => {
    FIELDS.forEach((_, field) => {
      // The first field is in every point, and 0 is no point.
      const isThere = ofPoint > 0 && (field === 0 || hasField(ofPoint - 1, field - 1));
      counts[field] = columnValue(counts, field) + (isThere ? pointCount : 0);
    });
  });
  return counts;
}

function hasField(bits: number, index: number): boolean {
  return Math.floor(bits / 2 ** index) % 2 === 1;
}

/** Reads the fields of a point in their order: each is foretold from those before it. */
function readPoint(bits: number, availableIpAddressCount: number, optional: readonly (() => number)[]): SeriesPoint {
  const known: Partial<Record<Field, number>> = { availableIpAddressCount };
  OPTIONAL_FIELDS.forEach((field, index) => {
    if (hasField(bits, index)) {
      known[field] = columnValue(optional, index)() + foretold(field, known);
    }
  });
  return {
    availableIpAddressCount,
    usedAddressCount: known.usedAddressCount,
    freeAddressCount: known.freeAddressCount,
    reservedAddressCount: known.reservedAddressCount,
    freePrefixCount: known.freePrefixCount,
    freePrefixCountMost: known.freePrefixCountMost,
    strandedAddressCount: known.strandedAddressCount,
  };
}
