import * as z from 'zod/mini';
import type { FleetFilter } from '../audit/fleet-filter.ts';
import { STATUSES } from '../domain/capacity/subnet-status.ts';
import type { Caller } from './caller.ts';
import { ACCOUNT_ID, CLUSTER_ID, REGION } from './resource-ids.ts';

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 200;
/** How many values of a filter are told apart; a list of all accounts is no filter. */
const VALUES_MAX = 100;
/** A name of a team as the settings take it. */
const TEAM_LENGTH_MAX = 256;
const SEARCH_LENGTH_MAX = 100;
const CURSOR_LENGTH_MAX = 2_000;
const WINDOW_DEFAULT = '30d';

/** How many items of a list are wanted. */
export function limitTo(max: number, byDefault: number) {
  return z
    ._default(
      z.pipe(z.pipe(z.string().check(z.regex(/^\d{1,3}$/)), z.transform(Number)), z.int().check(z.gte(1), z.lte(max))),
      byDefault,
    )
    .check(z.describe(`a whole number from 1 to ${max}`));
}

export const limitParameter = limitTo(LIMIT_MAX, LIMIT_DEFAULT);

/** Where a list goes on. */
export const cursorParameter = z
  .optional(z.string().check(z.maxLength(CURSOR_LENGTH_MAX)))
  .check(z.describe('the nextCursor of the page before, asked for with the same filters'));

const WINDOW = /^([1-9]\d{0,2})d$/;

/** How many days of the past a trend covers; `windowDays` reads it. */
export function windowParameter(daysMax: number) {
  return z
    ._default(
      z.string().check(
        z.regex(WINDOW),
        z.refine((window) => windowDays(window) <= daysMax),
      ),
      WINDOW_DEFAULT,
    )
    .check(z.describe(`days from 1d to ${daysMax}d`));
}

export function windowDays(window: string): number {
  return Number.parseInt(window, 10);
}

/** A filter that takes one or more values, separated by commas. */
export function valuesParameter<T extends z.ZodMiniType<unknown, string>>(item: T, expected: string) {
  return z
    .optional(
      z.pipe(
        z.pipe(
          z.string(),
          z.transform((text) => text.split(',').map((value) => value.trim())),
        ),
        z.array(item).check(z.maxLength(VALUES_MAX)),
      ),
    )
    .check(z.describe(`${expected}, separated by commas, ${VALUES_MAX} at the most`));
}

const TEAM = z.string().check(z.minLength(1), z.maxLength(TEAM_LENGTH_MAX));

export const accountParameter = valuesParameter(ACCOUNT_ID, 'account ids of 12 digits');
export const teamParameter = valuesParameter(TEAM, 'names of teams');

/** What subnets and clusters are listed by. */
export const FleetListQuery = z.strictObject({
  account: accountParameter,
  region: valuesParameter(REGION, 'region names such as us-east-1'),
  status: valuesParameter(z.enum(STATUSES), `any of ${STATUSES.join(', ')}`),
  team: teamParameter,
  vpc: valuesParameter(z.string().check(z.regex(/^vpc-[0-9a-z-]{1,60}$/)), 'ids of VPCs'),
  cluster: valuesParameter(CLUSTER_ID, 'ids of clusters'),
  search: z
    .optional(z.string().check(z.minLength(1), z.maxLength(SEARCH_LENGTH_MAX)))
    .check(z.describe(`part of an id, 1 to ${SEARCH_LENGTH_MAX} characters`)),
  limit: limitParameter,
  cursor: cursorParameter,
});

/**
 * Returns what is asked of the fleet: what the caller may see of what it filters by. What it may not see of a subnet, the team of
 * another owner and the clusters of others, it cannot find out by a filter either.
 */
export function fleetFilterOf(query: z.output<typeof FleetListQuery>, { accountIds: visible }: Caller): FleetFilter {
  const { account, cluster, team } = query;
  const isVisible = (accountId: string | undefined) => visible === undefined || visible.includes(accountId ?? '');
  return {
    visibleAccountIds: visible,
    accountIds: team === undefined ? account : (account ?? visible)?.filter(isVisible),
    regions: query.region,
    statuses: query.status,
    teams: team,
    vpcIds: query.vpc,
    clusterIds: cluster?.filter((clusterId) => isVisible(clusterId.split(':')[0])),
    idText: query.search,
  };
}
