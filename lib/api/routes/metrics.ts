import { err, ok } from '../../domain/result.ts';
import { fleetBasis } from '../answer-basis.ts';
import { coverageOf } from '../coverage-of.ts';
import { metricsText, OPENMETRICS_MEDIA_TYPE } from '../metrics-text.ts';
import { route } from '../route.ts';
import { NOTHING_SEEN_YET } from '../shared-problems.ts';

export const getMetrics = route({
  operationId: 'getMetrics',
  method: 'get',
  path: '/metrics',
  tag: 'fleet',
  summary: 'The fleet as gauges of OpenMetrics: roll-ups, and the most urgent subnets, as many as the settings say',
  access: 'read',
  restsOn: fleetBasis,
  response: {
    status: 200,
    description: 'OpenMetrics 1.0',
    mediaType: OPENMETRICS_MEDIA_TYPE,
  },
  problems: ['nothing-seen-yet'],
  async handle({ caller: { accountIds: visible } }, ports) {
    const fleet = await ports.fleets.readFleet();
    if (fleet === undefined) {
      return err(NOTHING_SEEN_YET);
    }
    const coverage = coverageOf(fleet.scan, visible) ?? undefined;
    return ok(metricsText({ fleet, visible, coverage, subnetsMax: ports.metricsSubnetsMax, nowMs: ports.now() }));
  },
});
