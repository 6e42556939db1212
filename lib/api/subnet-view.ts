import * as z from 'zod';
import { STATUSES } from '../domain/capacity/subnet-status.ts';
import { SUBNET_SOURCES } from '../domain/cluster/cluster-subnets.ts';
import { ExhaustionView } from './exhaustion-view.ts';
import { StatusReasonView } from './status-reason-view.ts';

const count = z.int().nonnegative();

/** A subnet as the API, the audit command and the pages show it. Counts are IPv4 addresses or /28 blocks, as their names say. */
export const SubnetView = z.object({
  subnetId: z.string(),
  subnetArn: z.string().nullable(),
  accountId: z.string().describe('The account that owns the subnet'),
  accountName: z.string().nullable(),
  ownerTeam: z.string().nullable().describe('Whom the settings name; null where no rule matches'),
  region: z.string(),
  vpcId: z.string(),
  availabilityZone: z
    .string()
    .describe('The name of the zone in the owner account; other accounts name it differently'),
  availabilityZoneId: z.string().nullable(),
  name: z.string().nullable().describe('The tag "Name"'),
  tags: z.record(z.string(), z.string()),
  cidrBlock: z.string().nullable().describe('Null for an IPv6-only subnet'),
  observedAt: z.iso.datetime().describe("When EC2's counter was read"),
  networkInterfacesObservedAt: z.iso
    .datetime()
    .nullable()
    .describe('When the network interfaces were listed, which the counts of addresses and blocks rest on'),
  isStale: z.boolean().describe('Whether the numbers are older than two scans: they stand, but prove nothing well'),
  countedFrom: z
    .enum(['network-interfaces', 'available-ip-address-count'])
    .nullable()
    .describe("What the counts rest on: the listed interfaces, or EC2's own counter alone where the owner lists none"),
  usableAddressCount: count.nullable().describe('All addresses but the five AWS keeps: used + free + reserved'),
  usedAddressCount: count.nullable().describe('Addresses that network interfaces hold, prefixes included'),
  freeAddressCount: count.nullable().describe('Unused addresses outside CIDR reservations'),
  reservedAddressCount: count.nullable().describe('Unused addresses inside CIDR reservations'),
  availableIpAddressCount: z.int().describe('What EC2 says is available'),
  unaccountedAddressCount: z
    .int()
    .nullable()
    .describe('availableIpAddressCount - freeAddressCount; negative: something unseen holds addresses'),
  reconciliation: z
    .enum(['exact', 'settling', 'unexplained'])
    .nullable()
    .describe('Whether EC2 count and the listed interfaces agree'),
  addressesLeft: count
    .nullable()
    .describe('The lower one of freeAddressCount and availableIpAddressCount, brought up to date by the pulse'),
  pulse: z
    .object({ availableIpAddressCount: z.int().describe('What EC2 said then'), observedAt: z.iso.datetime() })
    .nullable()
    .describe('What EC2 said is available when it was asked again since; null where it was not'),
  maxPrefixCount: count.nullable().describe('/28 blocks an empty subnet of this size can give'),
  freePrefixCount: count.nullable().describe('Free /28 blocks at the least'),
  freePrefixCountMost: count
    .nullable()
    .describe('Free /28 blocks by the address map, in and outside prefix reservations'),
  freePrefixCountReserved: count.nullable().describe('Those of them inside prefix reservations'),
  largestFreeBlockPrefixLength: z
    .int()
    .min(16)
    .max(32)
    .nullable()
    .describe('Of the largest free aligned block outside reservations: 28 is 16 addresses; null where nothing is free'),
  strandedAddressCount: count.nullable().describe('Free addresses in blocks that cannot give a prefix'),
  fragmentation: z.number().min(0).max(1).nullable().describe('0 compact, 1 no free block left'),
  awsFragmentationScore: z
    .number()
    .min(0)
    .max(100)
    .nullable()
    .describe("By AWS Support's tool, 0 to 100: the share of /28 blocks with a used address; 100 where none is free"),
  prefixes: z.object({
    areInUse: z.boolean(),
    canFallBack: z.boolean().describe('Whether everything that takes prefixes can take single addresses instead'),
  }),
  clusters: z.array(
    z.object({ clusterId: z.string(), clusterName: z.string(), sources: z.array(z.enum(SUBNET_SOURCES)) }),
  ),
  holders: z
    .array(
      z.object({
        kind: z.string(),
        service: z.string().nullable(),
        clusterName: z.string().nullable(),
        networkInterfaceCount: count,
        addressCount: count,
        prefixCount: count,
      }),
    )
    .describe('Who holds addresses, most first'),
  leakedNetworkInterfaceIds: z.array(z.string()).describe('Left behind by the VPC CNI; deleting them frees addresses'),
  flowLogCoverage: z.enum(['all', 'partial', 'none', 'unknown']),
  flowLogCoverageReasons: z.array(z.string()),
  problems: z.array(z.string()).describe('What the answers of AWS say that cannot be'),
  status: z.enum(STATUSES),
  statusReasons: z.array(StatusReasonView),
  exhaustion: ExhaustionView,
});
export type SubnetView = z.infer<typeof SubnetView>;
