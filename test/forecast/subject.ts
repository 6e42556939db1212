import type { BacktestSubject } from '../../lib/domain/trend/backtest.ts';
import type { BreakReason } from '../../lib/domain/trend/breaks.ts';
import { addressDemand, blockDemand, HOURS_PER_DAY, type SeriesKind } from '../../lib/domain/trend/daily.ts';
import { BLOCK_ADDRESSES } from './generator/address-space.ts';
import type { GeneratedSubnet } from './generator/generate-subnet.ts';
import { DAYS, FIRST_DAY, FLOOR_ADDRESSES, STEPS_PER_DAY } from './generator/regimes.ts';

/** A generated subnet as a backtest takes it, and what really came. */
export interface JudgedSubnet {
  readonly subject: BacktestSubject;
  /** The most that was wanted on a day, whoever saw it. */
  readonly actualOn: (day: number) => number | undefined;
}

const REASONS: Readonly<Record<GeneratedSubnet['events'][number]['kind'], BreakReason>> = {
  'prefix-mode-toggled': 'prefix-mode-toggled',
  'reservation-changed': 'reservation-changed',
  'cluster-deleted': 'cluster-deleted',
};

/** Returns what the product would know of a generated subnet, by the hours it saw. */
export function judgedSubnet(subnet: GeneratedSubnet, kind: SeriesKind): JudgedSubnet {
  const { name, hours, events, prefixLength, truth } = subnet;
  const blockCount = 2 ** (32 - prefixLength) / BLOCK_ADDRESSES - 2;
  const demand = kind === 'addresses' ? addressDemand(hours) : blockDemand(hours, blockCount);
  const capacityAt = (day: number) => {
    const last = hours.findLast(({ hour }) => hour < day * HOURS_PER_DAY);
    return kind === 'blocks' ? blockCount : last === undefined ? 0 : last.freeMin + last.usedMax;
  };
  return {
    subject: {
      subnetId: name,
      kind,
      hours: demand,
      events: events.map(({ kind: happened, day }) => ({ day: FIRST_DAY + day, reason: REASONS[happened] })),
      floor: kind === 'addresses' ? FLOOR_ADDRESSES : 0,
      capacityAt,
    },
    actualOn: (day) => {
      const first = (day - FIRST_DAY) * STEPS_PER_DAY;
      if (first < 0 || day >= FIRST_DAY + DAYS) {
        return undefined;
      }
      return kind === 'addresses'
        ? Math.max(...truth.wanted.subarray(first, first + STEPS_PER_DAY))
        : blockCount - Math.min(...truth.prefixesLeft.subarray(first, first + STEPS_PER_DAY));
    },
  };
}
