import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costDocument } from '../../../lib/local/cost/cost-document.ts';
import { type FleetShape, measuredShape } from '../../../lib/local/cost/fleet-work.ts';
import { readMeasuredUsage } from '../../../lib/local/cost/measured-usage.ts';
import { type BillLine, monthlyBill } from '../../../lib/local/cost/monthly-bill.ts';
import { PRICES, type PriceName } from '../../../lib/local/cost/prices.ts';

const measured = readMeasuredUsage();
const NOTHING: FleetShape = { accounts: 0, regions: 4, clusters: 0, atRiskRegions: 0 };
/** Sums of doubles in another order. */
const ROUNDING = 1e-9;

const shapes = fc.record({
  accounts: fc.nat(5_000),
  regions: fc.integer({ min: 1, max: 30 }),
  clusters: fc.nat(20_000),
  atRiskRegions: fc.nat(20_000),
});

function billOf(shape: FleetShape) {
  return monthlyBill(shape, measured);
}

function usdOf(lines: readonly BillLine[], price: PriceName): number {
  return lines.find((line) => line.price === price)?.usd ?? Number.NaN;
}

describe('the bill of a month', () => {
  it('never falls when anything is added', () => {
    fc.assert(
      fc.property(
        shapes,
        fc.constantFrom('accounts', 'regions', 'clusters', 'atRiskRegions'),
        fc.integer({ min: 1, max: 500 }),
        (shape, what, more) => {
          const before = billOf(shape);
          const after = billOf({ ...shape, [what]: shape[what] + more });
          for (const [index, { usd }] of before.lines.entries()) {
            expect((after.lines[index]?.usd ?? 0) - usd).toBeGreaterThanOrEqual(-ROUNDING);
          }
        },
      ),
    );
  });

  it('grows with the fleet and by nothing else: twice everything costs twice as much beyond what is fixed', () => {
    fc.assert(
      fc.property(shapes, ({ accounts, regions, clusters, atRiskRegions }) => {
        const fixed = billOf(NOTHING).totalUsd;
        const once = billOf({ accounts, regions, clusters, atRiskRegions }).totalUsd - fixed;
        const twice =
          billOf({ accounts: 2 * accounts, regions, clusters: 2 * clusters, atRiskRegions: 2 * atRiskRegions })
            .totalUsd - fixed;
        expect(Math.abs(twice - 2 * once)).toBeLessThan(ROUNDING * (1 + twice));
      }),
    );
  });

  it('is the same for as many regions, however many accounts they are in', () => {
    expect(billOf(measuredShape(1000, 4, measured)).totalUsd).toBeCloseTo(
      billOf(measuredShape(4000, 1, measured)).totalUsd,
      9,
    );
  });

  it('is what is there without any account, where there is none', () => {
    const { lines, sideEffects, peers } = billOf(NOTHING);
    const free = lines.filter(({ usd }) => usd === 0).map(({ price }) => price);
    expect(free).toEqual(['writeUnit', 'tableStorage', 'recovery', 'event']);
    expect([...sideEffects, ...peers].map(({ usd }) => usd)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('counts no region twice: more clusters than regions hold, or more at risk than have clusters, change nothing', () => {
    const full = measuredShape(10, 4, measured);
    expect(billOf({ ...full, clusters: full.clusters + 1 }).totalUsd).toBe(billOf(full).totalUsd);
    expect(billOf({ ...full, clusters: full.clusters - 1 }).totalUsd).toBeLessThan(billOf(full).totalUsd);
    const allAtRisk = { ...full, atRiskRegions: 40 };
    expect(billOf({ ...allAtRisk, atRiskRegions: 41 }).totalUsd).toBe(billOf(allAtRisk).totalUsd);
    expect(billOf({ ...allAtRisk, atRiskRegions: 39 }).totalUsd).toBeLessThan(billOf(allAtRisk).totalUsd);
  });

  it('is what one works out by hand', () => {
    // One region with two clusters, never at risk: pulsed one day in fourteen, three times an hour.
    const { lines, sideEffects, peers } = billOf({ accounts: 1, regions: 1, clusters: 2, atRiskRegions: 0 });
    const pulses = (730 * 3) / 14;
    const { scan, pulse, pulsedVpc, region } = measured;
    const alerts = 2 * 12;
    expect(usdOf(lines, 'writeUnit')).toBeCloseTo(
      ((730 * scan.writeUnits + pulses * region.vpcs * pulsedVpc.writeUnits + alerts) * 0.625) / 1e6,
      12,
    );
    expect(usdOf(lines, 'event')).toBeCloseTo(4 / 1e6, 12);
    expect(usdOf(lines, 'schedule')).toBeCloseTo((768 * 730) / 24 / 1e6, 12);
    const requests = 730 * scan.awsRequests + pulses * pulse.awsRequests;
    expect(usdOf(sideEffects, 'guardDutyEvent')).toBeCloseTo((requests * 4) / 1e6, 12);
    expect(usdOf(sideEffects, 'trailCopy')).toBeCloseTo((requests * 2) / 1e5, 12);
    expect(usdOf(peers, 'ipamAddressHour')).toBeCloseTo(500 * 10.5 * 730 * 0.00027, 6);
    expect(usdOf(peers, 'configItem')).toBeCloseTo(500 * 0.02 * 730 * 2 * 0.003, 6);
    expect(usdOf(peers, 'metric')).toBeCloseTo(25 * 0.3, 6);
    expect(usdOf(peers, 'metricBeyond10000')).toBe(0);
  });

  it('adds up to its total, each line its quantity at its price', () => {
    const { lines, totalUsd } = billOf(measuredShape(1000, 4, measured));
    expect(
      lines.reduce((sum, { price, quantity }) => sum + (quantity * PRICES[price].usd) / PRICES[price].per, 0),
    ).toBeCloseTo(totalUsd, 6);
    expect(new Set(lines.map(({ price }) => price)).size).toBe(lines.length);
  });
});

describe('docs/cost.md', () => {
  it('is what the figures say: run "npm run generate" where it differs', () => {
    expect(readFileSync('docs/cost.md', 'utf8')).toBe(costDocument());
  });

  it('says of every price where it is and where it was read', () => {
    for (const { page, readAt } of Object.values(PRICES)) {
      expect(page).toMatch(/^https:\/\/aws\.amazon\.com\//);
      expect(costDocument()).toContain(`| ${page} | ${readAt} |`);
    }
  });

  it('says that the goal is met', () => {
    expect(costDocument()).toContain('It is met: ');
  });
});
