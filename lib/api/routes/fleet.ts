import * as z from 'zod/mini';
import { FLEET_GROUPINGS } from '../../audit/fleet-history-ports.ts';
import { readFleetTrend } from '../../audit/read-fleet-trend.ts';
import { DAILY_WINDOW_DAYS_MAX } from '../../audit/read-series-window.ts';
import { err, ok } from '../../domain/result.ts';
import { outlineBasis } from '../answer-basis.ts';
import { windowDays, windowParameter } from '../list-query.ts';
import { readFleet } from '../read-fleet.ts';
import { route } from '../route.ts';
import { NOTHING_SEEN_YET } from '../shared-problems.ts';
import { toFleetTrendView } from '../to-fleet-trend-view.ts';

export const getFleet = route({
  operationId: 'getFleet',
  method: 'get',
  path: '/v1/fleet',
  tag: 'fleet',
  summary: 'Totals, roll-ups by account, region and team, the most urgent subnets, coverage and age',
  access: 'read',
  restsOn: outlineBasis,
  response: {
    status: 200,
    description: 'The fleet as it was rolled up last',
  },
  problems: ['nothing-seen-yet'],
  async handle({ caller }, ports) {
    const view = await readFleet(ports, caller.accountIds);
    return view === undefined ? err(NOTHING_SEEN_YET) : ok(view);
  },
});

export const getFleetTrend = route({
  operationId: 'getFleetTrend',
  method: 'get',
  path: '/v1/fleet/trend',
  tag: 'fleet',
  summary: 'What accounts, regions, teams or the fleet had left, day by day',
  access: 'read',
  query: z.strictObject({
    by: z._default(z.enum(FLEET_GROUPINGS), 'fleet').check(z.describe(`one of ${FLEET_GROUPINGS.join(', ')}`)),
    window: windowParameter(DAILY_WINDOW_DAYS_MAX),
  }),
  response: { status: 200, description: 'Daily sums by group' },
  async handle({ query: { by, window }, caller }, ports) {
    const trend = await readFleetTrend(by, windowDays(window), caller.accountIds, ports);
    return trend === undefined
      ? err({
          code: 'not-permitted',
          detail: `Cannot add up by "${by}": who sees some accounts only may ask by "account"`,
        })
      : ok(toFleetTrendView(trend, ports.history().message));
  },
});
