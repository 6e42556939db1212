import type { FleetGrouping, FleetHistoryReader, FleetHistoryStore } from '../audit/fleet-history-ports.ts';
import type { Status } from '../domain/capacity/subnet-status.ts';
import { type FleetDay, type GroupDay, joinFleetDays, type StatusCounts } from '../domain/trend/fleet-day.ts';
import type { RoomSum, Scatter } from '../domain/trend/roll-up.ts';
import { utcDayText } from '../domain/utc-day.ts';
import { changeDocument } from './change-document.ts';
import { columnsDocument, encodeDocument } from './columns-document.ts';
import { decodeDocument } from './document-kind.ts';
import { getItem } from './items.ts';
import { fleetDayKey } from './keys.ts';
import { readPackedBetween } from './packed-between.ts';
import { list, numeric, optional, record, text } from './shape.ts';
import { nowSeconds, type StoreTable } from './table.ts';

const SECONDS_PER_DAY = 86_400;
/** What the design keeps where no settings say otherwise. */
const DAYS_KEPT = 397;

const roomSumShape = record<RoomSum>({
  at: numeric,
  freeMin: numeric,
  freePrefixMin: optional(numeric),
  scatter: optional(record<Scatter>({ alignableAddressCount: numeric, strandedAddressCount: numeric })),
  partCount: numeric,
  missingPartCount: numeric,
  missingPrefixPartCount: numeric,
});

const statusCountsShape = record<StatusCounts>({
  countedAt: text,
  subnetCountByStatus: record<Readonly<Record<Status, number>>>({
    exhausted: numeric,
    critical: numeric,
    warning: numeric,
    unknown: numeric,
    healthy: numeric,
  }),
});

/** What the groups of a fleet had left on one day. */
export const FLEET_DAY_DOCUMENT = columnsDocument<FleetDay>(
  'fleet-day',
  1,
  record<FleetDay>({
    day: numeric,
    groups: list(
      record<GroupDay>({
        name: optional(text),
        subnetCount: numeric,
        room: optional(roomSumShape),
        statuses: optional(statusCountsShape),
      }),
    ),
  }),
);

/** Keeps what a fleet had left, a document for each day and grouping, for so many days after its end. */
export function createFleetHistoryStore(
  table: StoreTable,
  { dailySeriesDays }: { readonly dailySeriesDays: number } = { dailySeriesDays: DAYS_KEPT },
): FleetHistoryStore {
  return {
    ...createFleetHistoryReader(table),
    async keepDay(grouping, found) {
      const expiresAt = (found.day + 1 + dailySeriesDays) * SECONDS_PER_DAY;
      if (expiresAt > nowSeconds(table)) {
        await changeDocument(table, keyOf(grouping, found.day), {
          kind: FLEET_DAY_DOCUMENT,
          encode: (ofDay) => encodeDocument(FLEET_DAY_DOCUMENT, ofDay),
          expiresAt,
          change: (known) => changedDay(known, joinFleetDays(known, found)),
        });
      }
    },
  };
}

/** Reads what a fleet had left. */
export function createFleetHistoryReader(table: StoreTable): FleetHistoryReader {
  return {
    hasDay: async (grouping, day) => (await getItem(table, keyOf(grouping, day))) !== undefined,
    async readDays(grouping, { from, to }) {
      const documents = await readPackedBetween(table, keyOf(grouping, from), keyOf(grouping, to));
      return documents.map((document) => decodeDocument(FLEET_DAY_DOCUMENT, document));
    },
  };
}

function keyOf(grouping: FleetGrouping, day: number) {
  return fleetDayKey(grouping, utcDayText(day));
}

function changedDay(known: FleetDay | undefined, joined: FleetDay): FleetDay | undefined {
  const isSame =
    known !== undefined &&
    Buffer.from(encodeDocument(FLEET_DAY_DOCUMENT, known)).equals(encodeDocument(FLEET_DAY_DOCUMENT, joined));
  return isSame ? undefined : joined;
}
