import { err, ok } from '../../domain/result.ts';
import { FleetView } from '../fleet-view.ts';
import { readFleet } from '../read-fleet.ts';
import { route } from '../route.ts';
import { NOTHING_SEEN_YET } from '../shared-problems.ts';

export const getFleet = route({
  operationId: 'getFleet',
  method: 'get',
  path: '/v1/fleet',
  tag: 'fleet',
  summary: 'Totals, roll-ups by account, region and team, the most urgent subnets, coverage and age',
  access: 'read',
  isOfFleet: true,
  response: { status: 200, description: 'The fleet as it was rolled up last', schema: FleetView },
  problems: ['nothing-seen-yet'],
  async handle({ caller }, ports) {
    const view = await readFleet(ports, caller.accountIds);
    return view === undefined ? err(NOTHING_SEEN_YET) : ok(view);
  },
});
