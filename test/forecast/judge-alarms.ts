import type { BacktestOrigin } from '../../lib/domain/trend/backtest.ts';
import { alarmSpans } from '../../lib/domain/trend/backtest-alarms.ts';
import { median } from '../../lib/domain/trend/quantile.ts';
import type { GeneratedSubnet } from './generator/generate-subnet.ts';
import type { Crossing } from './generator/labels.ts';
import { FIRST_DAY, STEPS_PER_DAY } from './generator/regimes.ts';

export interface AlarmFigures {
  /** Crossings after a week without one whose cause began a week before them or earlier. */
  readonly foreseeable: number;
  /** Those of them for which an alarm was open when the day a week before them began. */
  readonly warned: number;
  /** By foreseeable crossing, days from the opening of its alarm to it; 0 where none was open. */
  readonly leadDays: readonly number[];
  /** Crossings whose cause began later: nothing could warn of them a week before. */
  readonly unforeseeable: number;
  /** Alarms of a subnet that never crosses, and how long those that swing were looked at. */
  readonly falseAlarms: number;
  readonly falseAlarmsSwinging: number;
  readonly daysSwinging: number;
}

const LEAD_DAYS = 7;
/** A subnet that never crosses counts for false alarms where it swings by this share of its daily peak or more. */
const SWINGING_SHARE = 0.1;

/** Compares a model's alarms for one subnet with what happened. */
export function judgeAlarms<Name extends string>(
  subnet: GeneratedSubnet,
  crossings: readonly Crossing[],
  origins: readonly BacktestOrigin<Name>[],
  name: Name,
): AlarmFigures {
  const spans = alarmSpans(origins, name);
  const [first, last] = [origins[0]?.today ?? 0, origins.at(-1)?.today ?? 0];
  const judged = crossings
    .filter(
      ({ fromStep }, index) => fromStep - (crossings[index - 1]?.toStep ?? -Infinity) >= LEAD_DAYS * STEPS_PER_DAY,
    )
    .map(({ fromStep, causeStep }) => ({ day: dayOf(fromStep), causeDay: dayOf(causeStep) }))
    .filter(({ day }) => day - LEAD_DAYS >= first && day - LEAD_DAYS <= last);
  const foreseeable = judged.filter(({ day, causeDay }) => causeDay <= day - LEAD_DAYS);
  const leadDays = foreseeable.map(({ day }) => {
    const span = spans.find(
      ({ openedOn, closedOn }) => openedOn <= day - LEAD_DAYS && (closedOn ?? Infinity) > day - LEAD_DAYS,
    );
    return span === undefined ? 0 : day - span.openedOn;
  });
  const isSwinging = crossings.length === 0 && medianSwing(subnet) >= SWINGING_SHARE;
  return {
    foreseeable: foreseeable.length,
    warned: leadDays.filter((days) => days > 0).length,
    leadDays,
    unforeseeable: judged.length - foreseeable.length,
    falseAlarms: crossings.length === 0 ? spans.length : 0,
    falseAlarmsSwinging: isSwinging ? spans.length : 0,
    daysSwinging: isSwinging ? last - first + 1 : 0,
  };
}

/** Adds up the figures of subnets. */
export function sumAlarms(figures: readonly AlarmFigures[]): AlarmFigures {
  const sum = (of: (each: AlarmFigures) => number) => figures.reduce((total, each) => total + of(each), 0);
  return {
    foreseeable: sum((each) => each.foreseeable),
    warned: sum((each) => each.warned),
    leadDays: figures.flatMap((each) => each.leadDays),
    unforeseeable: sum((each) => each.unforeseeable),
    falseAlarms: sum((each) => each.falseAlarms),
    falseAlarmsSwinging: sum((each) => each.falseAlarmsSwinging),
    daysSwinging: sum((each) => each.daysSwinging),
  };
}

function dayOf(step: number): number {
  return FIRST_DAY + Math.floor(step / STEPS_PER_DAY);
}

/** The median over days of the share of the peak that is gone at the day's lowest. */
function medianSwing({ truth }: GeneratedSubnet): number {
  const swings: number[] = [];
  for (let step = 0; step < truth.held.length; step += STEPS_PER_DAY) {
    const day = truth.held.subarray(step, step + STEPS_PER_DAY);
    const peak = Math.max(...day);
    swings.push(peak === 0 ? 0 : (peak - Math.min(...day)) / peak);
  }
  return median(swings);
}
