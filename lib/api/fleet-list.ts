import * as z from 'zod/mini';
import type { Fleet } from '../audit/fleet.ts';
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
  id: z.string(),
});

interface FleetList<V> {
  readonly operationId: string;
  readonly list: (fleet: Fleet, query: ListQuery, nowMs: number) => ListPage;
  readonly read: (
    ports: ReadRoutePorts,
    fleet: Fleet,
    rows: readonly number[],
    visible: VisibleAccounts,
  ) => Promise<readonly JsonBytes<V>[]>;
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
export async function readFleetList<V>(
  { operationId, list, read }: FleetList<V>,
  { filter, query, caller }: FleetListInput,
  ports: ReadRoutePorts,
): Promise<Result<JsonBytes<FleetListView<V>>, Problem>> {
  const { limit, cursor, ...asked } = query;
  const scope = { operationId, filter: asked, caller };
  const after = cursor === undefined ? ok(undefined) : await ports.cursors.open(scope, cursor, Position);
  if (!after.ok) {
    return after;
  }
  const fleet = await ports.fleets.readFleet();
  if (fleet === undefined) {
    return err(NOTHING_SEEN_YET);
  }
  const found = list(fleet, { filter, limit, after: after.value }, ports.now());
  const page: Omit<FleetListView<V>, 'items'> = {
    rolledUpAt: fleet.rolledUpAt,
    coverage: coverageOf(fleet.scan, caller.accountIds),
    matchCount: found.matchCount,
    nextCursor: found.next === undefined ? null : await ports.cursors.seal(scope, found.next),
  };
  return ok(jsonBytesWithItems(page, await read(ports, fleet, found.rows, caller.accountIds)));
}
