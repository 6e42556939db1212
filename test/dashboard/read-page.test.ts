import { describe, expect, it } from 'vitest';
import { REQUIRED_FACTS_DEFAULT } from '../../lib/audit/coverage.ts';
import { fleetVpc } from '../../lib/audit/fleet-vpc.ts';
import { homeShard } from '../../lib/audit/place-vpcs.ts';
import { type PageReadPorts, readPage } from '../../lib/dashboard/read-page.ts';
import { anApiWorld, NOW } from '../api/api-world.ts';
import { memoryFleetStore } from '../helpers/memory-fleet-store.ts';
import { FULL_STATE } from '../store/full-state.ts';

/** What a page is read from, of a fleet with so many subnets in one VPC, that rests on a scan or on none. */
async function portsOf(subnetCount: number, restsOnScan = true): Promise<PageReadPorts> {
  const { ports } = await anApiWorld();
  const fleets = memoryFleetStore();
  const revision = await fleets.beginRollUp();
  const [subnet] = FULL_STATE.subnets;
  const subnets = Array.from({ length: subnetCount }, (_, index) =>
    subnet === undefined ? [] : [{ ...subnet, subnet: { ...subnet.subnet, subnetId: `subnet-${index}` } }],
  ).flat();
  const state = { ...FULL_STATE, subnets };
  const row = fleetVpc(state, 'v1');
  await revision.writeShard(homeShard(state.vpc), { put: [{ row, state }], remove: [], isWhole: false });
  await revision.keepScan(restsOnScan ? (await ports.fleets.readFleet())?.scan : undefined);
  await revision.publish(NOW);
  return { ...ports, fleets, requiredFacts: REQUIRED_FACTS_DEFAULT };
}

describe('the page of the fleet', () => {
  it.each([
    [500, 500, undefined],
    [501, 500, 'The most urgent 500 of 501 subnets'],
  ])('has of %i subnets %i, and says what is missing', async (count, shown, sentence) => {
    const page = await readPage(await portsOf(count), undefined);
    const { view, notices } = page.ok ? page.value : { view: undefined, notices: [] };
    expect(view?.subnets).toHaveLength(shown);
    expect(notices[1]).toEqual(sentence === undefined ? undefined : expect.stringContaining(sentence));
    expect(notices[0]).toContain('Added up at 2026-11-23 09:00:00 UTC');
  });

  it.each([
    [60, 60],
    [61, 60],
  ])('reads of %i subnets the trends of %i, those of a VPC at once', async (count, read) => {
    const ports = await portsOf(count);
    let queries = 0;
    const samplesAndForecasts: PageReadPorts['series']['samplesAndForecasts'] = (...asked) => {
      queries += 1;
      return ports.series.samplesAndForecasts(...asked);
    };
    const page = await readPage({ ...ports, series: { ...ports.series, samplesAndForecasts } }, undefined);
    expect(page.ok ? page.value.trends.size : page.error).toBe(read);
    expect(queries).toBe(1);
  });

  it('is not there before a fleet was added up, or the first scan planned', async () => {
    const ports = await portsOf(1);
    const nothing = { ok: false, error: 'nothing-seen-yet' };
    expect(await readPage({ ...ports, fleets: memoryFleetStore() }, undefined)).toEqual(nothing);
    expect(await readPage(await portsOf(1, false), undefined)).toEqual(nothing);
  });
});
