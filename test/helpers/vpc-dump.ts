import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Instance, NetworkInterface, RouteTable, Subnet, Vpc, VpcEndpoint } from '@aws-sdk/client-ec2';
import type { SimulatedRegion } from '../../lib/local/simulated-aws/state.ts';
import { fixturesFolder, readFixture } from './fixtures.ts';
import { recordedAnswer } from './recorded-answer.ts';

/** What a whole-VPC dump holds of what an audit reads, in the SDK's types. */
export interface VpcDump {
  readonly vpcs: readonly Vpc[];
  readonly subnets: readonly Subnet[];
  readonly networkInterfaces: readonly NetworkInterface[];
  readonly instances: readonly Instance[];
  readonly routeTables: readonly RouteTable[];
  readonly vpcEndpoints: readonly VpcEndpoint[];
}

/** Reads a dump by its folder in `vpc-dumps`: one file per call, each with one list. A call without a file found nothing. */
export function readVpcDump(folder: string): VpcDump {
  return {
    vpcs: listOf<Vpc>(folder, 'Vpcs'),
    subnets: listOf<Subnet>(folder, 'Subnets'),
    networkInterfaces: listOf<NetworkInterface>(folder, 'NetworkInterfaces'),
    instances: listOf<{ Instances?: Instance[] }>(folder, 'Reservations').flatMap(({ Instances }) => Instances ?? []),
    routeTables: listOf<RouteTable>(folder, 'RouteTables'),
    vpcEndpoints: listOf<VpcEndpoint>(folder, 'VpcEndpoints'),
  };
}

/** Puts a dump into a simulated region as it is, its counters included. */
export function loadVpcDump(region: SimulatedRegion, dump: VpcDump): void {
  region.vpcs.push(...dump.vpcs);
  region.subnets.push(...dump.subnets);
  region.networkInterfaces.push(...dump.networkInterfaces);
  region.instances.push(...dump.instances);
  region.routeTables.push(...dump.routeTables);
  region.vpcEndpoints.push(...dump.vpcEndpoints);
}

function listOf<Item>(folder: string, name: string): readonly Item[] {
  const path = join('vpc-dumps', folder, `${name}.json`);
  if (!existsSync(join(fixturesFolder() ?? '', path))) {
    return [];
  }
  const file = recordedAnswer<Readonly<Record<string, readonly Item[]>>>(readFixture(path));
  const list = file[name];
  if (list === undefined) {
    throw new Error(`Cannot read fixture "${path}": it has no "${name}"`);
  }
  return list;
}
