import { describe, expect, it } from 'vitest';
import type { AlertFinding } from '../../../../lib/domain/alert/alert-condition.ts';
import { joinFindings } from '../../../../lib/domain/alert/join-findings.ts';
import { EXHAUSTION } from '../../../../lib/domain/alert/kinds/exhaustion.ts';
import type { Exhaustion } from '../../../../lib/domain/trend/exhaustion.ts';
import { NOW } from '../../../helpers/builders.ts';
import { aForecast, aSubnetState, type SubnetSketch } from '../a-vpc-state.ts';

/** 2026-11-21. */
const SINCE = 20_778;
const MISSING = { kind: 'blocks', dayCount: 2, neededDayCount: 3, sinceDay: SINCE } as const;
const NO_BLOCK_FORECAST = 'no forecast of /28 blocks yet: 2 of 3 days with at least 18 hours counted since 2026-11-21';

function findingOf(sketch: Partial<SubnetSketch>, reasons: AlertFinding['what']['reasons'] = []): AlertFinding {
  return EXHAUSTION.judge(aSubnetState({ subnetId: 'subnet-a', free: 30, ...sketch }), reasons, {
    earlierResiduals: new Map(),
  });
}

describe('what an alert of exhaustion says that runs out', () => {
  it.each([
    ['addresses where nothing takes prefixes', {}, 'addresses', 30, 251],
    ['blocks where nodes take them, though addresses are short as well', { blocks: 2 }, 'blocks', 2, 14],
    ['addresses where nodes can do without blocks', { blocks: 2, canFallBack: true }, 'addresses', 30, 251],
    [
      'blocks where nodes can do without, and nothing else is short',
      { blocks: 1, free: 200, canFallBack: true },
      'blocks',
      1,
      14,
    ],
    ['addresses where none is left', { blocks: 0, free: 0 }, 'addresses', 0, 251],
  ] as const)('is %s', (_, sketch, series, freeCount, capacityCount) => {
    expect(findingOf(sketch).what.room).toEqual({
      subnetId: 'subnet-a',
      series,
      freeCount,
      capacityCount,
      countedFrom: 'network-interfaces',
      observedAt: NOW,
    });
  });

  it('is blocks where nothing but their forecast is bad', () => {
    const exhaustion = aForecast(new Map([[7, 0.9]]), { kind: 'blocks', floor: 0 });
    const { what } = findingOf({ blocks: 5, free: 200, canFallBack: true, exhaustion });
    expect(what.reasons).toMatchObject([{ code: 'exhaustion-likely', severity: 'warning' }]);
    expect(what).toMatchObject({ room: { series: 'blocks', freeCount: 5 }, forecast: { series: 'blocks' } });
  });

  it('is, of subnets that fail together, that of the one whose forecast is told', () => {
    const soon = aForecast(new Map([[30, 0.9]]), { p50: 20_781 });
    const worst = { subnet: aSubnetState({ subnetId: 'subnet-b', free: 0 }), finding: findingOf({ free: 0 }) };
    const told = aSubnetState({ subnetId: 'subnet-c', free: 30, blocks: 2, exhaustion: soon });
    const finding = EXHAUSTION.judge(told, [], { earlierResiduals: new Map() });
    const { what } = joinFindings([worst, { subnet: told, finding }]);
    expect(what).toMatchObject({
      forecast: { subnetId: 'subnet-c' },
      room: { subnetId: 'subnet-c', series: 'blocks' },
    });
    expect(joinFindings([worst]).what.room).toMatchObject({ series: 'addresses', freeCount: 0 });
  });
});

describe('the forecast of an alert of exhaustion', () => {
  it('that has too few days is of what lacks them, with its own floor, and says since when', () => {
    const insufficient: Exhaustion = { state: 'insufficient-history', ...MISSING };
    expect(findingOf({ blocks: 2, exhaustion: insufficient }).what.forecast).toMatchObject({
      series: 'blocks',
      floor: 0,
      censoredAt: undefined,
      caveats: ['insufficient-history'],
      missingHistory: NO_BLOCK_FORECAST,
    });
    const { kind: _, ...ofAddresses } = insufficient;
    expect(findingOf({ exhaustion: ofAddresses }).what.forecast).toMatchObject({ series: 'addresses', floor: 13 });
  });

  it('says what is ruled out of the other series', () => {
    const other = { kind: 'addresses', withinDays: 180, dayCount: 60 } as const;
    const exhaustion: Exhaustion = { state: 'insufficient-history', ...MISSING, other };
    expect(findingOf({ blocks: 2, exhaustion }).what.forecast?.missingHistory).toBe(
      `${NO_BLOCK_FORECAST}; addresses: not expected within 180 days, by 60 days of history`,
    );
  });

  it('of addresses is told where blocks have none, with why they have none', () => {
    const exhaustion = aForecast(new Map([[30, 0.9]]), { missing: MISSING });
    expect(findingOf({ blocks: 2, exhaustion }).what.forecast).toMatchObject({
      series: 'addresses',
      p50: '2026-12-13',
      missingHistory: NO_BLOCK_FORECAST,
    });
    expect(findingOf({ blocks: 2, exhaustion: aForecast(new Map()) }).what.forecast).not.toHaveProperty(
      'missingHistory',
    );
  });
});

describe('an alert that rests on a probability', () => {
  const likely = {
    code: 'exhaustion-likely',
    resourceId: 'subnet-a',
    observed: 0.9,
    needed: 0.5,
    unit: 'probability',
    severity: 'warning',
    withinDays: 30,
    text: '90 % likely to run out of /28 blocks within 30 days',
  } as const;

  // 40 % of 14 blocks are 5.6, and of 251 addresses 100.4.
  it.each([
    ['few blocks', { blocks: 5, free: 200 }, 'blocks', 'warning'],
    ['blocks enough', { blocks: 6, free: 50 }, 'blocks', undefined],
    ['few addresses', { blocks: 6, free: 100 }, 'addresses', 'warning'],
    ['addresses enough', { blocks: 5, free: 101 }, 'addresses', undefined],
  ] as const)('is held or not by %s, where %j has no forecast of %s', (_, sketch, kind, heldLevel) => {
    const exhaustion: Exhaustion = { state: 'insufficient-history', ...MISSING, kind };
    expect(findingOf({ ...sketch, exhaustion }, [likely])).toMatchObject({ heldLevel, isSeen: true });
  });
});
