import { DescribeSubnetsCommand, paginateDescribeSubnets } from '@aws-sdk/client-ec2';
import { ListClustersCommand } from '@aws-sdk/client-eks';
import { ListAccountsCommand } from '@aws-sdk/client-organizations';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idSource } from '../../../lib/local/simulated-aws/build/ids.ts';
import { addSubnet, addVpc } from '../../../lib/local/simulated-aws/build/network.ts';
import { addAccount, addRegion, createSimulatedAws } from '../../../lib/local/simulated-aws/build/organization.ts';
import { regionBuilder } from '../../../lib/local/simulated-aws/build/region-builder.ts';
import { type FaultKind, type FaultRule, seededFaults } from '../../../lib/local/simulated-aws/seeded-faults.ts';
import type { SimulatedAws, SimulatedRequest } from '../../../lib/local/simulated-aws/state.ts';
import { clientsOf, errorOf } from './clients.ts';

const ACCOUNT_ID = '100000000000';
const SUBNETS = 12;

function anAws(): SimulatedAws {
  const now = new Date('2026-11-20T00:00:00Z');
  const aws = createSimulatedAws({
    partition: 'aws',
    organizationId: 'o-test',
    managementAccountId: ACCOUNT_ID,
    now: () => now,
  });
  const account = addAccount(aws, { id: ACCOUNT_ID, name: 'Management' });
  addRegion(account, 'us-east-1');
  const builder = regionBuilder(aws, account, 'us-east-1', idSource(1), now);
  const vpc = addVpc(builder, { cidrBlock: '10.0.0.0/16' });
  for (let index = 0; index < SUBNETS; index += 1) {
    addSubnet(builder, vpc, { cidrBlock: `10.0.${index}.0/24` });
  }
  return aws;
}

function awsWith(fault: FaultKind): SimulatedAws {
  const aws = anAws();
  aws.faults = seededFaults({ seed: 1, rules: [{ fault, probability: 1 }] });
  return aws;
}

function aRequest(action: string, accountId = ACCOUNT_ID): SimulatedRequest {
  return { accountId, region: 'us-east-1', service: 'ec2', action, params: {} };
}

describe('a seeded fault', () => {
  it.each<[FaultKind, string, string, string, string]>([
    ['throttle', 'RequestLimitExceeded', 'ThrottlingException', 'Throttling', 'TooManyRequestsException'],
    ['deny', 'UnauthorizedOperation', 'AccessDeniedException', 'AccessDenied', 'AccessDeniedException'],
    ['server-error', 'InternalError', 'InternalError', 'InternalError', 'InternalError'],
  ])('of kind %s is %s in EC2, %s in EKS, %s in STS and %s in Organizations', async (kind, ...names) => {
    const { ec2, eks, sts, organizations } = clientsOf(awsWith(kind), { accountId: ACCOUNT_ID });
    const errors = [
      await errorOf(ec2.send(new DescribeSubnetsCommand({}))),
      await errorOf(eks.send(new ListClustersCommand({}))),
      await errorOf(sts.send(new GetCallerIdentityCommand({}))),
      await errorOf(organizations.send(new ListAccountsCommand({}))),
    ];
    expect(errors.map(({ name }) => name)).toEqual(names);
  });

  it('drops the connection', async () => {
    const { ec2 } = clientsOf(awsWith('dropped-connection'), { accountId: ACCOUNT_ID });
    await expect(ec2.send(new DescribeSubnetsCommand({}))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('cuts the answer in the middle', async () => {
    const { ec2, eks } = clientsOf(awsWith('truncated'), { accountId: ACCOUNT_ID });
    await expect(ec2.send(new DescribeSubnetsCommand({}))).rejects.toThrow('XML');
    expect(await errorOf(eks.send(new ListClustersCommand({})))).toMatchObject({ name: 'SyntaxError' });
  });

  it('puts an empty page before every page, and loses nothing', async () => {
    const { ec2 } = clientsOf(awsWith('empty-page'), { accountId: ACCOUNT_ID });
    const sizes: number[] = [];
    for await (const page of paginateDescribeSubnets({ client: ec2, pageSize: 5 }, {})) {
      sizes.push(page.Subnets?.length ?? -1);
    }
    expect(sizes).toEqual([0, 5, 0, 5, 0, 2]);
  });

  it('only takes time where it is slow', async () => {
    const { ec2 } = clientsOf(awsWith('slow'), { accountId: ACCOUNT_ID });
    expect((await ec2.send(new DescribeSubnetsCommand({}))).Subnets).toHaveLength(SUBNETS);
  });

  it('hits what its rule names, and the first rule wins', () => {
    const faults = seededFaults({
      seed: 1,
      rules: [
        { action: 'DescribeVpcs', fault: 'deny', probability: 1 },
        { accountId: '200000000000', fault: 'throttle', probability: 1 },
        { region: 'eu-west-1', fault: 'slow', probability: 1 },
        { service: 'eks', fault: 'truncated', probability: 1 },
      ],
    });
    expect(faults(aRequest('DescribeSubnets'))).toBeUndefined();
    expect(faults(aRequest('DescribeVpcs', '200000000000'))).toEqual({ deny: true });
    expect(faults(aRequest('DescribeSubnets', '200000000000'))).toEqual({ throttle: true });
    expect(faults({ ...aRequest('DescribeSubnets'), region: 'eu-west-1' })).toHaveProperty('delayMs');
    expect(faults({ ...aRequest('ListClusters'), service: 'eks' })).toEqual({ truncate: true });
  });

  it('is as frequent as its rule says', () => {
    const faults = seededFaults({ seed: 7, rules: [{ fault: 'throttle', probability: 0.25 }] });
    const hits = Array.from({ length: 4000 }, () => faults(aRequest('DescribeSubnets'))).filter(Boolean).length;
    // Four standard deviations either side of 1,000.
    expect(hits).toBeGreaterThan(890);
    expect(hits).toBeLessThan(1110);
  });

  it('comes again for the same seed and requests, however those of other actions lie between them', () => {
    const rules: readonly FaultRule[] = [
      { action: 'DescribeSubnets', fault: 'throttle', probability: 0.3 },
      { fault: 'dropped-connection', probability: 0.2 },
    ];
    const actions = fc.array(fc.constantFrom('DescribeSubnets', 'DescribeVpcs', 'DescribeInstances'), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(fc.nat(), actions, (seed, sequence) => {
        const byAction = (order: readonly string[]) => {
          const faults = seededFaults({ seed, rules });
          const outcomes = order.map((action) => ({ action, fault: faults(aRequest(action)) }));
          return Map.groupBy(outcomes, ({ action }) => action);
        };
        const sorted = byAction([...sequence].sort());
        for (const [action, outcomes] of byAction(sequence)) {
          expect(outcomes).toEqual(sorted.get(action));
        }
      }),
    );
  });

  it('differs from seed to seed', () => {
    const outcomes = (seed: number) => {
      const faults = seededFaults({ seed, rules: [{ fault: 'throttle', probability: 0.5 }] });
      return Array.from({ length: 64 }, () => faults(aRequest('DescribeSubnets')) !== undefined).join();
    };
    expect(new Set(Array.from({ length: 20 }, (_, seed) => outcomes(seed))).size).toBe(20);
  });
});
