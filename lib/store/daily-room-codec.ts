import { ADDRESSES_PER_PREFIX } from '../domain/address/cidr.ts';
import type { RoomPoint } from '../domain/trend/roll-up.ts';
import { columnsDocument, encodeDocument } from './columns-document.ts';
import type { DocumentKind } from './document-kind.ts';
import { list, numeric, record, text } from './shape.ts';
import { type Steps, stepReader, stepsOf, stepsShape } from './steps.ts';

/** By subnet id, in the order of days. */
export type RoomBySubnet = ReadonlyMap<string, readonly RoomPoint[]>;

/** What a day may say of a subnet besides what was free, as bits of `presence`. */
const POINT = 1;
const BLOCKS = 2;
const SCATTER = 4;

/**
 * Days of subnets, laid out so that nothing is said of a number that stays. Each column is of one subnet after the other. Blocks
 * and what is alignable are written as their distance to what the other numbers foretell of them: a bad guess costs bytes and
 * no truth.
 */
interface RoomMonth {
  readonly days: readonly number[];
  readonly subnetIds: readonly string[];
  /** Of each subnet for each of the days; 0 where the day is a gap. */
  readonly presence: Steps;
  readonly freeMin: Steps;
  readonly freePrefixMin: Steps;
  readonly strandedAddressCount: Steps;
  readonly alignableAddressCount: Steps;
}

const ROOM_MONTH = columnsDocument(
  'daily-room',
  1,
  record<RoomMonth>({
    days: list(numeric),
    subnetIds: list(text),
    presence: stepsShape,
    freeMin: stepsShape,
    freePrefixMin: stepsShape,
    strandedAddressCount: stepsShape,
    alignableAddressCount: stepsShape,
  }),
);

/** The least room of subnets by day. A subnet without a day is left out. */
export const DAILY_ROOM_DOCUMENT: DocumentKind<RoomBySubnet> = {
  name: ROOM_MONTH.name,
  schemaVersion: ROOM_MONTH.schemaVersion,
  decode: (bytes) => roomsOf(ROOM_MONTH.decode(bytes)),
};

/** Returns the least room of days as the bytes that `DAILY_ROOM_DOCUMENT` reads. */
export function encodeDailyRoom(rooms: RoomBySubnet): Uint8Array {
  return encodeDocument(ROOM_MONTH, monthOf(rooms));
}

function monthOf(rooms: RoomBySubnet): RoomMonth {
  const entries = [...rooms].filter(([, points]) => points.length > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  const days = [...new Set(entries.flatMap(([, points]) => points.map(({ at }) => at)))].sort((a, b) => a - b);
  const points = entries.flatMap(([, ofSubnet]) => ofSubnet);
  const scatters = points.flatMap(({ scatter }) => scatter ?? []);
  return {
    days,
    subnetIds: entries.map(([subnetId]) => subnetId),
    presence: stepsOf(
      entries.flatMap(([, ofSubnet]) => {
        const byDay = new Map(ofSubnet.map((point) => [point.at, point]));
        return days.map((day) => presenceOf(byDay.get(day)));
      }),
    ),
    freeMin: stepsOf(points.map(({ freeMin }) => freeMin)),
    freePrefixMin: stepsOf(
      points.flatMap(({ freeMin, freePrefixMin, scatter }) =>
        freePrefixMin === undefined ? [] : freePrefixMin - foretoldBlocks(freeMin, scatter?.strandedAddressCount),
      ),
    ),
    strandedAddressCount: stepsOf(scatters.map(({ strandedAddressCount }) => strandedAddressCount)),
    alignableAddressCount: stepsOf(
      points.flatMap(({ freePrefixMin, scatter }) =>
        scatter === undefined
          ? []
          : scatter.alignableAddressCount - foretoldAlignable(freePrefixMin, scatter.strandedAddressCount),
      ),
    ),
  };
}

/** What is free and not stranded lies in whole blocks, but for the edges of the subnet. */
function foretoldBlocks(freeMin: number, strandedAddressCount = 0): number {
  return Math.floor((freeMin - strandedAddressCount) / ADDRESSES_PER_PREFIX);
}

function foretoldAlignable(freePrefixMin = 0, strandedAddressCount: number): number {
  return strandedAddressCount + ADDRESSES_PER_PREFIX * freePrefixMin;
}

function presenceOf(point: RoomPoint | undefined): number {
  return point === undefined
    ? 0
    : POINT + (point.freePrefixMin === undefined ? 0 : BLOCKS) + (point.scatter === undefined ? 0 : SCATTER);
}

function roomsOf(month: RoomMonth): RoomBySubnet {
  const presence = stepReader(month.presence);
  const free = stepReader(month.freeMin);
  const blocks = stepReader(month.freePrefixMin);
  const stranded = stepReader(month.strandedAddressCount);
  const alignable = stepReader(month.alignableAddressCount);
  const readPoint = (at: number, bits: number): RoomPoint => {
    const freeMin = free();
    const strandedAddressCount = (bits & SCATTER) === 0 ? undefined : stranded();
    const freePrefixMin = (bits & BLOCKS) === 0 ? undefined : blocks() + foretoldBlocks(freeMin, strandedAddressCount);
    const scatter =
      strandedAddressCount === undefined
        ? undefined
        : {
            alignableAddressCount: alignable() + foretoldAlignable(freePrefixMin, strandedAddressCount),
            strandedAddressCount,
          };
    return { at, freeMin, freePrefixMin, scatter };
  };
  return new Map(
    month.subnetIds.map((subnetId) => [
      subnetId,
      month.days.flatMap((at) => {
        const bits = presence();
        return bits === 0 ? [] : readPoint(at, bits);
      }),
    ]),
  );
}
