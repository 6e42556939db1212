import * as z from 'zod/mini';
import { findAddress } from '../../audit/find-address.ts';
import { type Fleet, vpcAt } from '../../audit/fleet.ts';
import { fleetAccounts } from '../../audit/fleet-accounts.ts';
import { at } from '../../audit/fleet-columns.ts';
import { idAt } from '../../audit/id-column.ts';
import { listSubnets } from '../../audit/query-fleet.ts';
import { formatCidr, usableBlock } from '../../domain/address/cidr.ts';
import { type Ipv4Address, parseIpv4 } from '../../domain/address/ipv4.ts';
import type { AddressView } from '../address-view.ts';
import type { ReadRoutePorts } from '../api-ports.ts';
import { findInFleet, readFleetList } from '../fleet-list.ts';
import { type JsonBytes, jsonBytes } from '../json-bytes.ts';
import { cursorParameter, limitTo } from '../list-query.ts';
import { route } from '../route.ts';
import { toAddressView } from '../to-address-view.ts';
import { type VisibleAccounts, visibleAccounts } from '../visible.ts';

/** Of each subnet the facts of its VPC are read: far more than the row of a list. */
const LIMIT = 10;

export const getAddress = route({
  operationId: 'getAddress',
  method: 'get',
  path: '/v1/addresses/{ip}',
  tag: 'addresses',
  summary:
    'Who holds a private address: every subnet whose block has it, since VPCs may overlap; the most urgent first',
  access: 'read',
  params: z.strictObject({
    ip: z.string().check(
      z.maxLength(15),
      z.refine((text) => parseIpv4(text) !== undefined),
      z.describe('an IPv4 address, such as 10.0.0.20'),
    ),
  }),
  query: z.strictObject({ limit: limitTo(LIMIT, LIMIT), cursor: cursorParameter }),
  response: {
    status: 200,
    description: 'A page of subnets',
  },
  problems: ['invalid-cursor', 'nothing-seen-yet'],
  handle({ params: { ip }, query, caller }, ports) {
    // As its schema has read it.
    const address = parseIpv4(ip) ?? Number.NaN;
    return readFleetList(
      {
        operationId: 'getAddress',
        find: (asked) => findInFleet(listSubnets, asked, ports),
        read: (_, fleet, rows, visible) => readAddresses(address, fleet, rows, visible, ports),
      },
      { filter: { visibleAccountIds: caller.accountIds, address }, query: { ...query, ip }, caller },
      ports,
    );
  },
});

async function readAddresses(
  address: Ipv4Address,
  fleet: Fleet,
  rows: readonly number[],
  visible: VisibleAccounts,
  ports: ReadRoutePorts,
): Promise<JsonBytes<AddressView>[]> {
  const names = visibleAccounts(fleetAccounts(fleet), visible);
  const { subnets } = fleet;
  return Promise.all(
    rows.map(async (row) => {
      const { ownerId, region, vpcId } = vpcAt(fleet, at(fleet.vpcOfSubnet, row));
      const subnetId = idAt(subnets.subnetId, row);
      const cidr = usableBlock(at(subnets.baseAddress, row), at(subnets.usableAddressCount, row));
      const subnet = {
        subnetId,
        cidrBlock: formatCidr(cidr),
        vpcId,
        accountId: ownerId,
        accountName: names.get(ownerId)?.name ?? null,
        region,
      };
      const found = await findAddress(address, { subnetId, cidr }, ports);
      return jsonBytes(toAddressView(subnet, found, visible));
    }),
  );
}
