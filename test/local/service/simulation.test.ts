import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSimulation, type Simulation } from '../../../lib/local/service/simulation.ts';
import type { SimulatedAws } from '../../../lib/local/simulated-aws/state.ts';
import { createFakeClock } from '../../aws/fake-clock.ts';

const START_MS = Date.parse('2026-11-23T08:07:00.000Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elbowroom-simulation-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function open(
  nowMs: number,
  dayMs?: number,
): Promise<Simulation & { readonly system: { advance: (ms: number) => Promise<void> } }> {
  const system = createFakeClock(nowMs);
  const opened = await openSimulation({ folder, clock: system, dayMs });
  if (!opened.ok) {
    throw new Error(opened.error);
  }
  return { ...opened.value, system };
}

/** Every subnet of every account with EC2's own count. */
function counts(aws: SimulatedAws): string[] {
  return [...aws.accounts.values()].flatMap((account) =>
    [...account.regions].flatMap(([name, region]) =>
      [...region.subnets.values()].map(
        ({ SubnetId, AvailableIpAddressCount }) => `${account.id} ${name} ${SubnetId} ${AvailableIpAddressCount}`,
      ),
    ),
  );
}

describe('openSimulation', () => {
  it('has the same past however it is reached, and after another start', async () => {
    const first = await open(START_MS);
    const past = first.createPast();
    const at = new Date(START_MS - 29 * DAY_MS);
    past.live.advanceTo(new Date(START_MS - 3 * DAY_MS));
    past.live.advanceTo(at);
    const seen = counts(past.live.aws);
    expect(seen.length).toBeGreaterThan(50);
    const later = await open(START_MS + 5 * DAY_MS);
    const again = later.createPast();
    again.live.advanceTo(at);
    expect(counts(again.live.aws)).toEqual(seen);
    again.live.advanceTo(new Date(START_MS));
    expect(counts(again.live.aws)).toEqual(counts(first.live.aws));
    expect(counts(again.live.aws)).not.toEqual(seen);
  });

  it('leaves the present alone while its past is moved', async () => {
    const simulation = await open(START_MS);
    const before = counts(simulation.live.aws);
    const past = simulation.createPast();
    past.live.advanceTo(new Date(START_MS - 10 * DAY_MS));
    past.clock.moveTo(START_MS - 10 * DAY_MS);
    expect(counts(simulation.live.aws)).toEqual(before);
    expect(simulation.clock.now()).toBe(START_MS);
  });

  it('passes a day as fast as it is asked to, and never goes back in time afterwards', async () => {
    const fast = await open(START_MS, 4 * 60_000);
    await fast.system.advance(60_000);
    expect(fast.clock.now()).toBe(START_MS + 6 * HOUR_MS);
    await fast.saveTime();
    const later = await open(START_MS + 60_000);
    expect(later.clock.now()).toBe(START_MS + 6 * HOUR_MS);
    await later.system.advance(1_000);
    expect(later.clock.now()).toBe(START_MS + 6 * HOUR_MS + 1_000);
  });
});
