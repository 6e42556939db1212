import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ViewerFacts } from '../../lib/audit/store-ports.ts';
import { parseIpv4 } from '../../lib/domain/address/ipv4.ts';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import { aNetworkInterface } from '../helpers/builders.ts';
import { denied, seen } from '../helpers/region-facts-builder.ts';
import { ALPHA, anApiWorld, BETA, GAMMA } from './api-world.ts';

const Addresses = z.looseObject({
  matchCount: z.number(),
  nextCursor: z.string().nullable(),
  items: z.array(z.looseObject({ subnetId: z.string(), state: z.string() })),
});

async function askWith(path: string, changes: Partial<RegionFacts> | 'none' = {}) {
  const { ports } = await anApiWorld();
  const latestFacts: typeof ports.facts.latestFacts = async (vpc) =>
    changes === 'none' ? [] : (await ports.facts.latestFacts(vpc)).map((viewer) => ofAlpha(viewer, changes));
  const { ask } = await anApiWorld({ ...ports, facts: { latestFacts } });
  const { status, json } = await ask(path);
  expect(status).toBe(200);
  const { matchCount, items } = Addresses.parse(json);
  expect(matchCount).toBe(items.length);
  return items;
}

function ofAlpha(viewer: ViewerFacts, changes: Partial<RegionFacts>): ViewerFacts {
  return viewer.scan !== undefined && viewer.viewerAccountId === ALPHA.accountId
    ? { ...viewer, scan: { ...viewer.scan, facts: { ...viewer.scan.facts, ...changes } } }
    : viewer;
}

describe('an address', () => {
  it('is held by what holds it, in every VPC whose block has it', async () => {
    expect(await askWith('/v1/addresses/10.0.0.20')).toMatchObject(
      [ALPHA, BETA, GAMMA].map(({ subnetId, vpcId, accountId, canary }) => ({
        subnetId,
        cidrBlock: '10.0.0.0/24',
        vpcId,
        accountId,
        accountName: canary,
        region: 'eu-west-1',
        state: 'held',
        observedAt: '2026-11-23T08:00:00.000Z',
        holder: { networkInterfaceId: `eni-${canary}`, kind: 'eks-control-plane', clusterName: `${canary}-cluster` },
      })),
    );
  });

  it('is free in one subnet and held in another', async () => {
    const items = await askWith('/v1/addresses/10.0.0.21');
    expect(items.map(({ subnetId, state }) => [subnetId, state])).toEqual([
      [ALPHA.subnetId, 'held'],
      [BETA.subnetId, 'free'],
      [GAMMA.subnetId, 'free'],
    ]);
    expect(items[0]).toMatchObject({ holder: { networkInterfaceId: 'eni-canary-beta' } });
    expect(items[1]).toMatchObject({ holder: null, observedAt: '2026-11-23T08:00:00.000Z' });
  });

  it.each([
    ['10.0.0.0', 'aws-reserved'],
    ['10.0.0.3', 'aws-reserved'],
    ['10.0.0.4', 'free'],
    ['10.0.0.254', 'free'],
    ['10.0.0.255', 'aws-reserved'],
  ])('%s is %s', async (address, state) => {
    const [item] = await askWith(`/v1/addresses/${address}`);
    expect(item).toMatchObject({ state, holder: null });
  });

  it.each(['9.255.255.255', '10.0.1.0'])('%s is in no subnet', async (address) => {
    expect(await askWith(`/v1/addresses/${address}`)).toEqual([]);
  });

  it('is reserved in a reservation, and held there by who holds it', async () => {
    const reservation = {
      subnetCidrReservationId: 'scr-1',
      subnetId: ALPHA.subnetId,
      cidr: '10.0.0.16/28',
      reservationType: 'explicit',
      ownerId: ALPHA.accountId,
      description: undefined,
      tags: [],
    };
    const reservations = new Map([[ALPHA.subnetId, seen([reservation])]]);
    const of = async (address: string) => (await askWith(`/v1/addresses/${address}`, { reservations }))[0]?.state;
    expect([await of('10.0.0.19'), await of('10.0.0.20'), await of('10.0.0.32')]).toEqual(['reserved', 'held', 'free']);
  });

  it('is held by who has its prefix', async () => {
    const holder = aNetworkInterface({
      networkInterfaceId: 'eni-prefix',
      subnetId: ALPHA.subnetId,
      vpcId: ALPHA.vpcId,
      ownerId: ALPHA.accountId,
      privateIpAddresses: [],
      ipv4Prefixes: [{ base: parseIpv4('10.0.0.64') ?? 0, prefixLength: 28 }],
    });
    const of = async (address: string) =>
      (await askWith(`/v1/addresses/${address}`, { networkInterfaces: seen([holder]) }))[0];
    expect(await of('10.0.0.79')).toMatchObject({ state: 'held', holder: { networkInterfaceId: 'eni-prefix' } });
    expect(await of('10.0.0.80')).toMatchObject({ state: 'free' });
  });

  it('is unknown where what the owner holds was not seen, unless it is one of the five of AWS', async () => {
    for (const changes of ['none', { networkInterfaces: denied('ec2:DescribeNetworkInterfaces') }] as const) {
      const [item] = await askWith('/v1/addresses/10.0.0.20', changes);
      expect(item).toMatchObject({ state: 'unknown', observedAt: null, holder: null });
      expect((await askWith('/v1/addresses/10.0.0.2', changes))[0]).toMatchObject({ state: 'aws-reserved' });
    }
  });

  it('is told page by page', async () => {
    const { ask } = await anApiWorld();
    const subnetIds: string[] = [];
    let path = '/v1/addresses/10.0.0.20?limit=2';
    for (let page = 0; page < 2; page += 1) {
      const { matchCount, nextCursor, items } = Addresses.parse((await ask(path)).json);
      expect(matchCount).toBe(3);
      subnetIds.push(...items.map(({ subnetId }) => subnetId));
      expect(nextCursor === null).toBe(page === 1);
      path = `/v1/addresses/10.0.0.20?limit=2&cursor=${nextCursor}`;
    }
    expect(subnetIds).toEqual([ALPHA.subnetId, BETA.subnetId, GAMMA.subnetId]);
  });

  it('goes on with the cursor of its own list only', async () => {
    const { ask } = await anApiWorld();
    const { nextCursor } = Addresses.parse((await ask('/v1/addresses/10.0.0.20?limit=2')).json);
    expect((await ask(`/v1/addresses/10.0.0.21?limit=2&cursor=${nextCursor}`)).status).toBe(400);
  });

  it.each(['10.0.0', '10.0.0.256', '010.0.0.1', '10.0.0.1%2F8', 'fd00::1', 'localhost'])('is not %s', async (text) => {
    const { ask } = await anApiWorld();
    expect(await ask(`/v1/addresses/${text}`)).toMatchObject({ status: 400, json: { errors: [{ field: 'ip' }] } });
  });
});
