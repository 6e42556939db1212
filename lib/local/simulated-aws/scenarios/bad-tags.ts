import { addRouteTable, addSubnet, addVpc } from '../build/network.ts';
import { addLoadBalancerInterface } from '../build/network-interface-kinds.ts';
import { builderOf, type World } from '../live/world.ts';
import type { SimulatedAccount } from '../state.ts';
import { addLiveCluster, OFFICE_HOURS, type Subnets } from './parts.ts';

/** Tag values that a page, a spreadsheet or a shell could take for something else. */
const HOSTILE_TAGS: Readonly<Record<string, string>> = {
  Name: `<script>alert("subnet")</script>`,
  formula: `=cmd|'/C calc'!A0`,
  quotes: `"double" 'single' \`back\` & ampersand`,
  unicode: 'naïve 東京 🛰️ \u202Eright to left',
  '<b>key</b>': '',
  ['__proto__']: 'constructor',
};

/** Marks a subnet as one for public load balancers, and as one for internal ones, which no subnet is at once. */
const BOTH_ROLES = { 'kubernetes.io/role/elb': '1', 'kubernetes.io/role/internal-elb': 'true' };

/** The management account's own tools: hostile names, tags of load balancers that contradict each other, or none. */
export function buildBadTags(world: World, account: SimulatedAccount): void {
  const builder = builderOf(world, account, 'eu-west-1');
  const vpc = addVpc(builder, { cidrBlock: '10.41.0.0/16', tags: HOSTILE_TAGS });
  const subnets: Subnets = [
    addSubnet(builder, vpc, { cidrBlock: '10.41.0.0/24', tags: { ...HOSTILE_TAGS, ...BOTH_ROLES } }),
    addSubnet(builder, vpc, { cidrBlock: '10.41.1.0/24', zoneIndex: 1, tags: HOSTILE_TAGS }),
  ];
  addRouteTable(builder, vpc, { subnets });
  addLiveCluster(world, {
    builder,
    name: 'tooling',
    subnets,
    tags: HOSTILE_TAGS,
    nodegroups: [
      {
        name: 'build',
        instanceType: 't3.medium',
        podsPerNode: 12,
        nodesMin: 2,
        nodesMax: 6,
        demand: { pods: 30, ...OFFICE_HOURS },
      },
    ],
  });
  addLoadBalancerInterface(builder, subnets[0], { kind: 'classic', name: 'tooling-legacy' });
}
