import * as z from 'zod/mini';
import { type FleetOutline, subnetRowOf } from '../../audit/fleet.ts';
import { isOutlineEnough } from '../../audit/fleet-filter.ts';
import { subnetPlace } from '../../audit/fleet-vpc.ts';
import {
  type ListPosition,
  type ListQuery,
  listFirstSubnets,
  listSubnets,
  type UrgencyPosition,
} from '../../audit/query-fleet.ts';
import { readAddressMap } from '../../audit/read-address-map.ts';
import { DAILY_WINDOW_DAYS_MAX } from '../../audit/read-series-window.ts';
import { err, ok } from '../../domain/result.ts';
import { fleetBasis, outlineBasis, seriesBasis } from '../answer-basis.ts';
import type { ReadRoutePorts } from '../api-ports.ts';
import { type FoundPage, findInFleet, readFleetList } from '../fleet-list.ts';
import { FleetListQuery, fleetFilterOf, windowDays, windowParameter } from '../list-query.ts';
import { readSubnets, readSubnetsAsJson } from '../read-rows.ts';
import { readTrend } from '../read-trend.ts';
import { SUBNET_ID } from '../resource-ids.ts';
import { route } from '../route.ts';
import { NOTHING_SEEN_YET, notFound } from '../shared-problems.ts';
import { toAddressMapView } from '../to-address-map-view.ts';
import { isSubnetVisible } from '../visible.ts';

const SubnetParams = z.strictObject({ subnetId: SUBNET_ID });

/** Parameters that `findSubnets` takes the whole fleet for: whoever asks by them reads no outline first. */
const BEYOND_OUTLINE: readonly (keyof z.output<typeof FleetListQuery>)[] = ['cluster', 'search', 'cursor'];

export const listSubnetsRoute = route({
  operationId: 'listSubnets',
  method: 'get',
  path: '/v1/subnets',
  tag: 'subnets',
  summary: 'Subnets, the most urgent first',
  access: 'read',
  restsOn: (ports, asked) => (BEYOND_OUTLINE.some((name) => asked.has(name)) ? fleetBasis : outlineBasis)(ports),
  query: FleetListQuery,
  response: {
    status: 200,
    description: 'A page of subnets',
  },
  problems: ['invalid-cursor', 'nothing-seen-yet'],
  handle: ({ query, caller }, ports) =>
    readFleetList(
      { operationId: 'listSubnets', find: findSubnets, read: readSubnetsAsJson },
      { filter: fleetFilterOf(query, caller), query, caller },
      ports,
    ),
});

/** A first page mostly needs no more of the fleet than its outline, and the states that it shows. */
async function findSubnets(query: ListQuery, ports: ReadRoutePorts): Promise<FoundPage<FleetOutline> | undefined> {
  if (query.after !== undefined || !isOutlineEnough(query.filter)) {
    return findInFleet(listSubnets, query, ports);
  }
  const { fleets, now } = ports;
  const fleet = await fleets.readOutline();
  if (fleet === undefined) {
    return undefined;
  }
  const { next, ...page } = listFirstSubnets(fleet, query, now());
  const positionAfter = async (position: UrgencyPosition): Promise<ListPosition> => {
    const states = await fleets.subnetStates(fleet, page.rows.slice(-1));
    return { ...position, place: states.flatMap((state) => [state.subnet.vpcId, ...subnetPlace(state)]) };
  };
  return { fleet, ...page, next: next === undefined ? undefined : () => positionAfter(next) };
}

export const getSubnet = route({
  operationId: 'getSubnet',
  method: 'get',
  path: '/v1/subnets/{subnetId}',
  tag: 'subnets',
  summary: 'One subnet',
  access: 'read',
  params: SubnetParams,
  response: {
    status: 200,
    description: 'The subnet as it was judged last',
  },
  problems: ['not-found', 'nothing-seen-yet'],
  async handle({ params: { subnetId }, caller }, ports) {
    const fleet = await ports.fleets.readFleet();
    if (fleet === undefined) {
      return err(NOTHING_SEEN_YET);
    }
    const row = subnetRowOf(fleet, subnetId);
    const [view] = row === undefined ? [] : await readSubnets(ports, fleet, [row], caller.accountIds);
    return view === undefined ? err(notFound('subnet', subnetId)) : ok(view);
  },
});

export const getSubnetTrend = route({
  operationId: 'getSubnetTrend',
  method: 'get',
  path: '/v1/subnets/{subnetId}/trend',
  tag: 'subnets',
  summary: 'How the room of a subnet went, and where it goes',
  access: 'read',
  restsOn: seriesBasis,
  params: SubnetParams,
  query: z.strictObject({ window: windowParameter(DAILY_WINDOW_DAYS_MAX) }),
  response: {
    status: 200,
    description: 'Hourly and daily points, growth and forecast',
  },
  problems: ['not-found', 'nothing-seen-yet'],
  async handle({ params: { subnetId }, query: { window }, caller }, ports) {
    const view = await readTrend(subnetId, windowDays(window), caller.accountIds, ports);
    if (view !== undefined) {
      return ok(view);
    }
    const isSomethingSeen = (await ports.fleets.readBasis()) !== undefined;
    return err(isSomethingSeen ? notFound('subnet', subnetId) : NOTHING_SEEN_YET);
  },
});

export const getSubnetAddresses = route({
  operationId: 'getSubnetAddresses',
  method: 'get',
  path: '/v1/subnets/{subnetId}/addresses',
  tag: 'subnets',
  summary: 'The address map of a subnet: every /28 block, its state and who holds it',
  access: 'read',
  params: SubnetParams,
  response: {
    status: 200,
    description: 'The map, as the owner of the subnet saw it last',
  },
  problems: ['not-found', 'addresses-not-known'],
  async handle({ params: { subnetId }, caller: { accountIds: visible } }, ports) {
    const reading = await readAddressMap(subnetId, ports);
    const seen = reading?.outcome === 'read' ? reading.addresses : reading?.joined;
    if (reading === undefined || seen === undefined || !isSubnetVisible(seen.subnet.ownerId, seen.clusters, visible)) {
      return err(notFound('subnet', subnetId));
    }
    return reading.outcome === 'read'
      ? ok(toAddressMapView(reading.addresses, visible))
      : err({
          code: 'addresses-not-known',
          detail:
            reading.outcome === 'no-ipv4'
              ? `The subnet "${subnetId}" has no IPv4 addresses`
              : `Who holds the addresses of "${subnetId}" is not known: its owner ${seen.subnet.ownerId} is not scanned, or may not list network interfaces`,
        });
  },
});
