import { addEksCluster, addNodegroup } from '../build/cluster.ts';
import { addInstanceTypes } from '../build/instance-types.ts';
import { addVpc } from '../build/network.ts';
import { addLoadBalancerInterface } from '../build/network-interface-kinds.ts';
import type { RegionBuilder } from '../build/region-builder.ts';
import { addControlPlane, addNodes } from './nodes.ts';
import { addPair } from './subnet-pair.ts';

/** Tag values that a page, a spreadsheet or a shell could take for something else. */
const HOSTILE_TAGS: Readonly<Record<string, string>> = {
  Name: `<script>alert("subnet")</script>`,
  formula: `=cmd|'/C calc'!A0`,
  quotes: `"double" 'single' \`back\` & ampersand`,
  unicode: 'naïve 東京 🛰️ \u202Eright to left',
  '<b>key</b>': '',
  ['__proto__']: 'constructor',
};

/** The management account's own VPC, with hostile tags and without flow logs. */
export function buildTooling(builder: RegionBuilder): void {
  addInstanceTypes(builder.region);
  const vpc = addVpc(builder, { cidrBlock: '10.40.0.0/16', tags: HOSTILE_TAGS });
  const subnets = addPair(builder, vpc, 'tooling', ['10.40.0.0/24', '10.40.1.0/24'], HOSTILE_TAGS);
  const name = 'tooling';
  const cluster = addEksCluster(builder, subnets, { name, tags: HOSTILE_TAGS });
  addControlPlane(builder, subnets, name);
  addNodegroup(builder, cluster, subnets, { name: 'build', instanceTypes: ['t3.medium'], desiredSize: 2, maxSize: 3 });
  addNodes(builder, subnets, 2, {
    clusterName: name,
    nodegroupName: 'build',
    instanceType: 't3.medium',
    primary: { secondaryAddressCount: 5 },
  });
  addLoadBalancerInterface(builder, subnets[0], { kind: 'classic', name: 'tooling-legacy' });
}
