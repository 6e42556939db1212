import {
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  paginateDescribeNetworkInterfaces,
} from '@aws-sdk/client-ec2';
import { ListClustersCommand, paginateListClusters } from '@aws-sdk/client-eks';
import { ListAccountsCommand, paginateListAccounts } from '@aws-sdk/client-organizations';
import { describe, expect, it } from 'vitest';
import { addAccount } from '../../../lib/local/simulated-aws/build/organization.ts';
import { DEMO_ACCOUNT_IDS, demoOrganization } from '../../../lib/local/simulated-aws/demo-organization.ts';
import type { SimulatedAws } from '../../../lib/local/simulated-aws/state.ts';
import { clientsOf, errorOf } from './clients.ts';

const { shop, management } = DEMO_ACCOUNT_IDS;

function demo({ emptyPages = false } = {}): SimulatedAws {
  const aws = demoOrganization(new Date('2026-11-20T00:00:00Z'));
  aws.emptyPages = emptyPages;
  return aws;
}

describe('paging', () => {
  it.each([
    { emptyPages: false, maxResults: 5 },
    { emptyPages: true, maxResults: 5 },
    { emptyPages: true, maxResults: 1000 },
  ])('gives every interface once in pages of $maxResults, empty pages: $emptyPages', async (options) => {
    const aws = demo(options);
    const { ec2 } = clientsOf(aws, { accountId: shop });
    const sizes: number[] = [];
    const ids: (string | undefined)[] = [];
    const input = { MaxResults: options.maxResults, IncludeManagedResources: true };
    for await (const page of paginateDescribeNetworkInterfaces({ client: ec2 }, input)) {
      const interfaces = page.NetworkInterfaces ?? [];
      sizes.push(interfaces.length);
      ids.push(...interfaces.map((each) => each.NetworkInterfaceId));
    }
    const stored = aws.accounts.get(shop)?.regions.get('us-east-1')?.networkInterfaces ?? [];
    expect(ids).toEqual(stored.map((each) => each.NetworkInterfaceId));
    expect(stored.length).toBeGreaterThan(20);
    expect(sizes.filter((size) => size === 0).length).toBe(
      options.emptyPages ? Math.ceil(stored.length / options.maxResults) : 0,
    );
    expect(Math.max(...sizes)).toBe(Math.min(options.maxResults, stored.length));
  });

  it('gives every cluster once, one a page', async () => {
    const { eks } = clientsOf(demo({ emptyPages: true }), { accountId: shop });
    const names: string[] = [];
    for await (const page of paginateListClusters({ client: eks }, { maxResults: 1 })) {
      names.push(...(page.clusters ?? []));
    }
    expect(names).toEqual(['shop-prod', 'shop-edge']);
  });

  it.each([
    { accounts: 20, pages: 1 },
    { accounts: 21, pages: 2 },
  ])('gives $accounts accounts in $pages pages of at most 20', async ({ accounts, pages }) => {
    const aws = demo();
    for (let index = aws.accounts.size; index < accounts; index += 1) {
      addAccount(aws, { id: String(600_000_000_000 + index), name: `Account ${index}` });
    }
    const { organizations } = clientsOf(aws, { accountId: management });
    const sizes: number[] = [];
    for await (const page of paginateListAccounts({ client: organizations }, {})) {
      sizes.push(page.Accounts?.length ?? 0);
    }
    expect(sizes).toHaveLength(pages);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(accounts);
  });

  it.each([
    { maxResults: 4, error: 'InvalidParameterValue' },
    { maxResults: 5, error: undefined },
    { maxResults: 1000, error: undefined },
    { maxResults: 1001, error: 'InvalidParameterValue' },
  ])('of subnets by $maxResults: $error', async ({ maxResults, error }) => {
    const { ec2 } = clientsOf(demo(), { accountId: shop });
    const call = ec2.send(new DescribeSubnetsCommand({ MaxResults: maxResults }));
    const name = await call.then(
      () => undefined,
      (failed: Error) => failed.name,
    );
    expect(name).toBe(error);
  });

  it('refuses a token that another listing gave', async () => {
    const { ec2 } = clientsOf(demo(), { accountId: shop });
    const page = await ec2.send(new DescribeSubnetsCommand({ MaxResults: 5 }));
    expect(page.NextToken).toBeTypeOf('string');
    const other = ec2.send(new DescribeNetworkInterfacesCommand({ MaxResults: 5, NextToken: page.NextToken }));
    expect(await errorOf(other)).toMatchObject({ name: 'InvalidNextToken', status: 400 });
  });

  it('refuses a token that is none', async () => {
    const { ec2, eks } = clientsOf(demo(), { accountId: shop });
    const { organizations } = clientsOf(demo(), { accountId: management });
    expect(await errorOf(ec2.send(new DescribeSubnetsCommand({ NextToken: 'x' })))).toMatchObject({
      name: 'InvalidNextToken',
    });
    expect(await errorOf(eks.send(new ListClustersCommand({ nextToken: 'x' })))).toMatchObject({
      name: 'InvalidParameterException',
    });
    expect(await errorOf(organizations.send(new ListAccountsCommand({ NextToken: 'x' })))).toMatchObject({
      name: 'InvalidInputException',
    });
  });
});
