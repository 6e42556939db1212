import * as z from 'zod/mini';
import type { Fleet, FleetBasis } from '../audit/fleet.ts';
import type { FleetFilter } from '../audit/fleet-filter.ts';
import type { ListPage, ListPosition, ListQuery } from '../audit/query-fleet.ts';
import { STATUSES } from '../domain/capacity/subnet-status.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { ReadRoutePorts } from './api-ports.ts';
import type { Caller } from './caller.ts';
import { coverageOf } from './coverage-of.ts';
import type { CoverageSummaryView } from './coverage-summary-view.ts';
import { type JsonBytes, jsonBytesWithItems } from './json-bytes.ts';
import type { Problem } from './problem.ts';
import { NOTHING_SEEN_YET } from './shared-problems.ts';
import type { VisibleAccounts } from './visible.ts';

const Position: z.ZodMiniType<ListPosition> = z.object({
  status: z.enum(STATUSES),
  addressesLeftRatio: z.nullable(z.number()),
  place: z.array(z.string()),
});

interface FleetList<V, F> {
  readonly operationId: string;
  /** Returns the rows of a page, `undefined` before the first roll-up. */
  readonly find: (query: ListQuery, ports: ReadRoutePorts) => Promise<FoundPage<F> | undefined>;
  readonly read: (
    ports: ReadRoutePorts,
    fleet: F,
    rows: readonly number[],
    visible: VisibleAccounts,
  ) => Promise<readonly JsonBytes<V>[]>;
}

/** A page of rows of a fleet, or of its outline. */
export interface FoundPage<F> extends Pick<ListPage, 'rows' | 'matchCount'> {
  readonly fleet: F;
  /** Where the list goes on, told when the page was read; `undefined` where nothing is left. */
  readonly next: (() => Promise<ListPosition>) | undefined;
}

/** Returns the rows that `list` finds in the whole fleet. */
export async function findInFleet(
  list: (fleet: Fleet, query: ListQuery, nowMs: number) => ListPage,
  query: ListQuery,
  { fleets, now }: ReadRoutePorts,
): Promise<FoundPage<Fleet> | undefined> {
  const fleet = await fleets.readFleet();
  if (fleet === undefined) {
    return undefined;
  }
  const { next, ...page } = list(fleet, query, now());
  return { fleet, ...page, next: next === undefined ? undefined : async () => next };
}

interface FleetListInput {
  /** What a row must be. */
  readonly filter: FleetFilter;
  /** What was asked: a cursor goes on with this and nothing else. */
  readonly query: { readonly limit: number; readonly cursor?: string | undefined; readonly [name: string]: unknown };
  readonly caller: Caller;
}

interface FleetListView<V> {
  readonly rolledUpAt: string;
  readonly coverage: CoverageSummaryView | null;
  readonly matchCount: number;
  readonly nextCursor: string | null;
  readonly items: V[];
}

/** Reads a page of rows of the fleet as it was rolled up last, as far as the caller may see them, and returns it as JSON. */
export async function readFleetList<V, F extends FleetBasis>(
  { operationId, find, read }: FleetList<V, F>,
  { filter, query, caller }: FleetListInput,
  ports: ReadRoutePorts,
): Promise<Result<JsonBytes<FleetListView<V>>, Problem>> {
  const { limit, cursor, ...asked } = query;
  const scope = { operationId, filter: asked, caller };
  const after = cursor === undefined ? ok(undefined) : await ports.cursors.open(scope, cursor, Position);
  if (!after.ok) {
    return after;
  }
  const found = await find({ filter, limit, after: after.value }, ports);
  if (found === undefined) {
    return err(NOTHING_SEEN_YET);
  }
  const { fleet, rows, matchCount, next } = found;
  const items = await read(ports, fleet, rows, caller.accountIds);
  const page: Omit<FleetListView<V>, 'items'> = {
    rolledUpAt: fleet.rolledUpAt,
    coverage: coverageOf(fleet.scan, caller.accountIds),
    matchCount,
    nextCursor: next === undefined ? null : await ports.cursors.seal(scope, await next()),
  };
  return ok(jsonBytesWithItems(page, items));
}
