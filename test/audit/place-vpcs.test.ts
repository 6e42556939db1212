import { describe, expect, it } from 'vitest';
import { FLEET_SHARD_COUNT } from '../../lib/audit/fleet-shard.ts';
import { homeShard, placeVpcs } from '../../lib/audit/place-vpcs.ts';

const NO_SHARDS = Array.from({ length: FLEET_SHARD_COUNT }, () => ({ vpcs: [] }));

function vpcsOf(ownerId: string, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    vpc: { ownerId, region: 'eu-west-1', vpcId: `vpc-${ownerId}-${index}` },
    stateVersion: `v${index}`,
  }));
}

function shardsOf(placed: ReturnType<typeof placeVpcs<ReturnType<typeof vpcsOf>[number]>>) {
  return Array.from({ length: FLEET_SHARD_COUNT }, (_, shard) => ({ vpcs: placed.get(shard) ?? [] }));
}

function accountId(index: number): string {
  return String(100_000_000_000 + index * 1_000_003);
}

describe('the shards of VPCs', () => {
  it('are the same for an account for ever', () => {
    expect(homeShard({ ownerId: '111122223333' })).toMatchInlineSnapshot(`45`);
    expect(homeShard({ ownerId: '111122223334' })).toMatchInlineSnapshot(`21`);
  });

  it('hold the VPCs of an account together', () => {
    const placed = placeVpcs([...vpcsOf('111122223333', 20), ...vpcsOf('111122223334', 12)], NO_SHARDS);
    expect([...placed].map(([shard, vpcs]) => [shard, vpcs.length])).toEqual([
      [homeShard({ ownerId: '111122223333' }), 20],
      [homeShard({ ownerId: '111122223334' }), 12],
    ]);
  });

  it('take 32 VPCs of an account in a small fleet, and spread those beyond', () => {
    const home = homeShard({ ownerId: '111122223333' });
    expect([...placeVpcs(vpcsOf('111122223333', 32), NO_SHARDS).keys()]).toEqual([home]);
    const placed = placeVpcs(vpcsOf('111122223333', 33), NO_SHARDS);
    expect(placed.get(home)?.length).toBe(32);
    expect(placed.size).toBe(2);
  });

  it('hold no more than twice the average where one account has nearly all VPCs', () => {
    const placed = placeVpcs([...vpcsOf('111122223333', 6_000), ...vpcsOf('111122223334', 400)], NO_SHARDS);
    const counts = shardsOf(placed).map(({ vpcs }) => vpcs.length);
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(Math.max(...counts)).toBe(2 * (6_400 / FLEET_SHARD_COUNT));
    expect(counts.reduce((sum, count) => sum + count)).toBe(6_400);
  });

  it('hold about as much as each other where accounts are many', () => {
    const accounts = Array.from({ length: 1_000 }, (_, index) => vpcsOf(accountId(index), 4));
    const counts = shardsOf(placeVpcs(accounts.flat(), NO_SHARDS)).map(({ vpcs }) => vpcs.length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(2 * (4_000 / FLEET_SHARD_COUNT));
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  it('take what comes even where all are full of VPCs that are judged no more', () => {
    const shards = NO_SHARDS.map((_, shard) => ({ vpcs: vpcsOf(accountId(shard), 32) }));
    expect([...placeVpcs(vpcsOf('111122223333', 8), shards).values()].flat()).toHaveLength(8);
  });

  it('keep what they hold, whatever comes and goes', () => {
    const before = vpcsOf('111122223333', 100);
    const shards = shardsOf(placeVpcs(before, NO_SHARDS));
    const later = [...vpcsOf('111122223334', 500), ...before.slice(50).toReversed()];
    const placed = placeVpcs(later, shards);
    for (const { vpc } of before.slice(50)) {
      const held = shards.findIndex(({ vpcs }) => vpcs.some((one) => one.vpc === vpc));
      expect(placed.get(held)?.some((one) => one.vpc === vpc)).toBe(true);
    }
    expect([...placed.values()].flat()).toHaveLength(550);
  });

  it('tell VPCs of one id apart by their account and Region', () => {
    const [first, second] = ['111122223333', '111122223334'].map((ownerId) => ({
      vpc: { ownerId, region: 'eu-west-1', vpcId: 'vpc-shared' },
      stateVersion: 'v',
    }));
    const shards = NO_SHARDS.map((none, shard) => (shard === 5 && first ? { vpcs: [first] } : none));
    const placed = placeVpcs(
      [first, second].filter((vpc) => vpc !== undefined),
      shards,
    );
    expect(placed.get(5)).toEqual([first]);
    expect(placed.get(homeShard({ ownerId: '111122223334' }))).toEqual([second]);
  });
});
