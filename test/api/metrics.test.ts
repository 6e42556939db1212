import { describe, expect, it } from 'vitest';
import { metricsText } from '../../lib/api/metrics-text.ts';
import { createFleet } from '../../lib/audit/fleet.ts';
import { fleetColumns } from '../../lib/audit/fleet-columns.ts';
import { fleetVpc } from '../../lib/audit/fleet-vpc.ts';
import { FULL_STATE } from '../store/full-state.ts';
import { ALPHA, anApiWorld, NOW } from './api-world.ts';

const SAMPLE =
  /^elbowroom_[a-z_]+(\{[a-z]+="(?:[^"\\\n]|\\[\\"n])*"(,[a-z]+="(?:[^"\\\n]|\\[\\"n])*")*\})? -?\d+(\.\d+)?(e[+-]\d+)?$/;

async function metrics() {
  const { ask } = await anApiWorld();
  const { status, text } = await ask('/metrics');
  expect(status).toBe(200);
  return text;
}

describe('the metrics', () => {
  it('are OpenMetrics: each family once, its type before its samples, and an end', async () => {
    const lines = (await metrics()).split('\n');
    expect(lines.slice(-2)).toEqual(['# EOF', '']);
    const families: string[] = [];
    for (const line of lines.slice(0, -2)) {
      const name = /^# (?:TYPE|HELP) (\S+)/.exec(line)?.[1];
      if (name !== undefined) {
        if (families.at(-1) !== name) {
          families.push(name);
        }
      } else {
        expect(line).toMatch(SAMPLE);
        expect(line.split(/[ {]/)[0]).toBe(families.at(-1));
      }
    }
    expect(new Set(families).size).toBe(families.length);
  });

  it('have the fleet, its roll-ups, the newest scan and the most urgent subnets', async () => {
    const lines = (await metrics()).split('\n');
    for (const line of [
      'elbowroom_subnets{by="fleet",status="critical"} 3',
      'elbowroom_subnets{by="fleet",status="healthy"} 0',
      `elbowroom_free_addresses{by="account",name="${ALPHA.accountId}"} 41`,
      'elbowroom_vpcs{by="region",name="eu-west-1"} 3',
      'elbowroom_used_addresses{by="team",name="canary-alpha-team"} 200',
      'elbowroom_scan_targets{state="finished"} 3',
      'elbowroom_scan_not_seen 3',
      'elbowroom_scan_complete 1',
      `elbowroom_subnet_addresses_left{subnet="${ALPHA.subnetId}",account="${ALPHA.accountId}",region="eu-west-1",vpc="${ALPHA.vpcId}",zone="euw1-az1"} 39`,
      `elbowroom_rolled_up_timestamp_seconds ${Date.parse(NOW) / 1_000}`,
    ]) {
      expect(lines).toContain(line);
    }
  });

  it('have nothing of what is not known, and hostile names within their quotes', () => {
    const [subnet] = FULL_STATE.subnets;
    const state = {
      ...FULL_STATE,
      subnets: subnet === undefined ? [] : [{ ...subnet, capacity: undefined, team: 'a"b\\c\n# EOF' }],
      clusters: [],
    };
    const text = metricsText({
      fleet: createFleet(fleetColumns([fleetVpc(state, 'v1')]), { version: 'v', rolledUpAt: NOW, scan: undefined }),
      visible: undefined,
      coverage: undefined,
      subnetsMax: 1,
      nowMs: Date.parse(NOW),
    });
    expect(text).not.toMatch(/NaN|scan_targets|subnet_addresses_left|subnet_fragmentation/);
    expect(text).toContain('elbowroom_uncounted_subnets{by="fleet"} 1');
    expect(text).toContain('{by="team",name="a\\"b\\\\c\\n# EOF"}');
    expect(text.match(/^# EOF$/gm)).toHaveLength(1);
  });

  it('have gauges of as many subnets as the settings say', async () => {
    const countAt = async (metricsSubnetsMax: number) => {
      const { text } = await (await anApiWorld({ metricsSubnetsMax })).ask('/metrics');
      // The most urgent come first, so what the metrics have of a subnet they have of those before it.
      return [...text.matchAll(/^elbowroom_subnet_observed_timestamp_seconds\{subnet="([^"]+)"/gm)].map(([, id]) => id);
    };
    expect(await countAt(0)).toEqual([]);
    expect(await countAt(1)).toEqual([ALPHA.subnetId]);
    expect(await countAt(10_000)).toHaveLength(3);
  });

  it('have gauges of so many subnets and no more', () => {
    const fleet = createFleet(fleetColumns([fleetVpc(FULL_STATE, 'v1')]), {
      version: 'v',
      rolledUpAt: NOW,
      scan: undefined,
    });
    const input = { fleet, visible: undefined, coverage: undefined, nowMs: Date.parse(NOW) };
    const countOf = (subnetsMax: number) =>
      metricsText({ ...input, subnetsMax }).match(/^elbowroom_subnet_observed_timestamp_seconds\{/gm)?.length;
    expect([countOf(1), countOf(2), countOf(100)]).toEqual([1, 2, FULL_STATE.subnets.length]);
  });
});
