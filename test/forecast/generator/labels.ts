import { DAYS, FLOOR_ADDRESSES, STEPS_PER_DAY } from './regimes.ts';
import type { Truth } from './truth.ts';

/** A time in which a subnet was at or below a line, by the truth and not by what was seen of it. */
export interface Crossing {
  /** First step at or below the line, and the first step after it; the number of steps where it never rose again. */
  readonly fromStep: number;
  readonly toStep: number;
  /** The step at which what drove it began. Growth that is there from the start began at step 0. */
  readonly causeStep: number;
}

export type Line = 'floor' | 'zero' | 'prefixes';
export type Labels = Readonly<Record<Line, readonly Crossing[]>>;

export interface Causes {
  /** What drives the level; `undefined`: there from the start. */
  readonly levelDay: number | undefined;
  /** Events that end by themselves, in any order. */
  readonly shortSteps: readonly number[];
  /** Events after which things are otherwise for good: a reservation, a mode toggle. */
  readonly lastingDays: readonly number[];
  /** From when on running out of blocks harms anyone; `undefined`: never, nothing takes prefixes. */
  readonly prefixesFromDay: number | undefined;
}

/** A crossing this soon after an event that ends by itself is that event's doing. */
const SHORT_CAUSE_STEPS = 3 * STEPS_PER_DAY;
/** A crossing this soon after a lasting event is that event's doing. */
const LASTING_CAUSE_STEPS = 7 * STEPS_PER_DAY;

/** Finds when a subnet ran out: of what it has to keep free, of all addresses, of all /28 blocks. */
export function labelsOf(truth: Truth, causes: Causes): Labels {
  const left = (step: number) => (truth.capacity[step] ?? 0) - (truth.wanted[step] ?? 0);
  const prefixesFrom = (causes.prefixesFromDay ?? Number.POSITIVE_INFINITY) * STEPS_PER_DAY;
  return {
    floor: crossings((step) => left(step) <= FLOOR_ADDRESSES, causes),
    zero: crossings((step) => left(step) <= 0, causes),
    prefixes: crossings((step) => step >= prefixesFrom && (truth.prefixesLeft[step] ?? 0) <= 0, causes),
  };
}

/** Returns whether a subnet was at or below a line at some step from the start of a day, for this many days. */
export function crossesWithin(crossingsOfLine: readonly Crossing[], day: number, days: number): boolean {
  const from = day * STEPS_PER_DAY;
  const to = (day + days) * STEPS_PER_DAY;
  return crossingsOfLine.some(({ fromStep, toStep }) => fromStep < to && toStep > from);
}

function crossings(isBelow: (step: number) => boolean, causes: Causes): readonly Crossing[] {
  const found: Crossing[] = [];
  const end = DAYS * STEPS_PER_DAY;
  for (let step = 0; step < end; step += 1) {
    if (isBelow(step)) {
      const fromStep = step;
      while (step < end && isBelow(step)) {
        step += 1;
      }
      found.push({ fromStep, toStep: step, causeStep: causeOf(fromStep, causes) });
    }
  }
  return found;
}

/** The latest thing that explains a crossing: something short that just began, something lasting, or the level. */
function causeOf(step: number, { levelDay, shortSteps, lastingDays }: Causes): number {
  const candidates = [
    ...shortSteps.filter((at) => at <= step && step - at < SHORT_CAUSE_STEPS),
    ...lastingDays.map((day) => day * STEPS_PER_DAY).filter((at) => at <= step && step - at < LASTING_CAUSE_STEPS),
    ...(levelDay === undefined ? [] : [levelDay * STEPS_PER_DAY].filter((at) => at <= step)),
    0,
  ];
  return Math.max(...candidates);
}
