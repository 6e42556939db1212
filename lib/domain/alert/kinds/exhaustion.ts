import { bindingRoom, blockRoom } from '../../capacity/binding-room.ts';
import type { SubnetState } from '../../capacity/region-state.ts';
import { statusReasonText } from '../../capacity/status-reason-text.ts';
import { LIKELY_PROBABILITY, type StatusReason } from '../../capacity/subnet-status.ts';
import type { SeriesKind } from '../../trend/daily.ts';
import { type Exhaustion, missingHistoryText, ruledOutText } from '../../trend/exhaustion.ts';
import { seriesText } from '../../trend/series-text.ts';
import { utcDayText } from '../../utc-day.ts';
import type { AlertForecast, AlertReason, AlertRoom, AlertSeverity } from '../alert.ts';
import { type AlertFinding, type SubnetAlertKind, worstLevel } from '../alert-condition.ts';
import { heldLevel, levelOfReason } from '../held-level.ts';
import { holderDrivers, roomChange, type SubnetMeasure, subnetMeasure } from './subnet-measure.ts';

/** What a day's peak takes comes back the next day: better only where two days were. */
const CLEAR_AFTER_MS = 48 * 3_600_000;
/** Likely within a week is `critical`, within a month `warning`, within a quarter worth knowing. */
const CRITICAL_DAYS = 7;
const INFO_DAYS = 90;
/** A forecast from fewer days counts only where less than this share is free. */
const GUARD_DAYS_MIN = 28;
const GUARD_FREE_RATIO = 0.4;

/** Addresses or blocks have run out for what must stay possible, or are likely to. */
export const EXHAUSTION: SubnetAlertKind = { kind: 'exhaustion', clearAfterMs: CLEAR_AFTER_MS, judge };

function judge(subnet: SubnetState, reasons: readonly AlertReason[]): AlertFinding {
  const measure = subnetMeasure(subnet);
  const found = [
    ...subnet.status.reasons.flatMap((reason) => reasonOf(reason, subnet, measure)),
    ...quarterReasons(subnet, measure),
  ];
  const level = worstLevel(found.map(levelOfReason));
  const held = heldLevel(reasons, (reason) => measured(reason, subnet.exhaustion, measure));
  return {
    level,
    heldLevel: worstLevel([level, held.level]),
    isSeen: measure.addressesLeft !== undefined && held.isSeen,
    what: {
      reasons: found,
      forecast: forecastOf(subnet),
      ...roomOf(subnet, found),
      drivers: holderDrivers(subnet),
      change: roomChange(subnet),
      cause: undefined,
    },
  };
}

/** Where no block is free at all, that is an alert of its own. */
function reasonOf(reason: StatusReason, { subnet, prefixUse }: SubnetState, measure: SubnetMeasure): AlertReason[] {
  const base = {
    code: reason.code,
    resourceId: subnet.subnetId,
    text: statusReasonText(reason),
    withinDays: undefined,
  };
  switch (reason.code) {
    case 'no-free-address':
    case 'free-addresses-at-floor':
      return [{ ...base, ...measuredOf(reason), unit: 'addresses', severity: 'critical' }];
    case 'few-free-addresses':
      return [{ ...base, ...measuredOf(reason), unit: 'addresses', severity: 'warning' }];
    case 'few-free-prefixes':
      return measure.freePrefixCount === 0
        ? []
        : [{ ...base, ...measuredOf(reason), unit: 'blocks', severity: 'warning' }];
    case 'exhaustion-likely': {
      const { kind, withinDays, probability } = reason;
      // Without blocks nodes go on with single addresses: that costs room, and stops nothing.
      const isHarmless = kind === 'blocks' && prefixUse.canFallBack;
      const severity: AlertSeverity = withinDays <= CRITICAL_DAYS && !isHarmless ? 'critical' : 'warning';
      return [
        { ...base, observed: probability, needed: LIKELY_PROBABILITY, unit: 'probability', severity, withinDays },
      ];
    }
    case 'no-free-prefix':
    case 'fact-not-seen':
    case 'fact-stale':
    case 'owner-not-seen':
    case 'cidr-unreadable':
    case 'ipv6-only':
    case 'no-forecast':
      return [];
  }
}

function measuredOf({ observed, needed }: { readonly observed: number; readonly needed: number }) {
  return { observed, needed };
}

/** A status looks a month ahead; what is likely within a quarter is told to those who plan, and is no status. */
function quarterReasons({ subnet, exhaustion, status }: SubnetState, measure: SubnetMeasure): AlertReason[] {
  const probability = exhaustion.state === 'forecast' ? exhaustion.probability.get(INFO_DAYS) : undefined;
  if (probability === undefined || probability < LIKELY_PROBABILITY || exhaustion.state !== 'forecast') {
    return [];
  }
  const isTold = status.reasons.some(({ code }) => code === 'exhaustion-likely');
  if (isTold || !(isGuarded(exhaustion.kind, measure) || exhaustion.dayCount >= GUARD_DAYS_MIN)) {
    return [];
  }
  const reason = { code: 'exhaustion-likely', kind: exhaustion.kind, withinDays: INFO_DAYS, probability } as const;
  return [
    {
      code: reason.code,
      resourceId: subnet.subnetId,
      observed: probability,
      needed: LIKELY_PROBABILITY,
      unit: 'probability',
      severity: 'info',
      withinDays: INFO_DAYS,
      text: statusReasonText(reason),
    },
  ];
}

/** Whether so little is free that a young forecast is believed; not where it is not known. */
function isGuarded(kind: SeriesKind, measure: SubnetMeasure): boolean {
  return isLow(kind, measure) === true;
}

function isLow(kind: SeriesKind, measure: SubnetMeasure): boolean | undefined {
  const [left, most] =
    kind === 'addresses'
      ? [measure.addressesLeft, measure.usableAddressCount]
      : [measure.freePrefixCount, measure.maxPrefixCount];
  return left === undefined || most === undefined ? undefined : left < GUARD_FREE_RATIO * most;
}

/** What is there now of what a reason asked for. */
function measured(
  { unit, withinDays, needed }: AlertReason,
  exhaustion: Exhaustion,
  measure: SubnetMeasure,
): number | undefined {
  if (unit !== 'probability') {
    return unit === 'blocks' ? measure.freePrefixCount : measure.addressesLeft;
  }
  switch (exhaustion.state) {
    case 'not-expected':
      return 0;
    case 'forecast':
      return probabilityWithin(exhaustion, withinDays);
    case 'insufficient-history': {
      const { kind = 'addresses' } = exhaustion;
      return measuredByRoom(kind, needed, measure);
    }
    case 'no-history':
      return measuredByRoom('addresses', needed, measure);
  }
}

/** Nothing is forecast since something changed: what is free decides, as it does before a young forecast is believed. */
function measuredByRoom(kind: SeriesKind, needed: number | undefined, measure: SubnetMeasure): number | undefined {
  const isShort = isLow(kind, measure);
  if (isShort === undefined) {
    return undefined;
  }
  return isShort ? needed : 0;
}

/** A young forecast tells a week only: what it tells of its last day stands for later ones. */
function probabilityWithin(
  { probability }: Extract<Exhaustion, { state: 'forecast' }>,
  withinDays: number | undefined,
): number | undefined {
  const told = [...probability.keys()].filter((days) => withinDays === undefined || days <= withinDays);
  return told.length === 0 ? undefined : probability.get(Math.max(...told));
}

/** Where nothing but blocks is short they are told, though nodes can do without: otherwise what stops them first. */
function roomOf(subnet: SubnetState, found: readonly AlertReason[]): { readonly room?: AlertRoom } {
  const { exhaustion } = subnet;
  const isOfBlocks = ({ unit }: AlertReason) =>
    unit === 'blocks' || (unit === 'probability' && exhaustion.state === 'forecast' && exhaustion.kind === 'blocks');
  const isBlocksAlone = found.length > 0 && found.every(isOfBlocks);
  const room = (isBlocksAlone ? blockRoom(subnet) : undefined) ?? bindingRoom(subnet);
  return room === undefined ? {} : { room: { subnetId: subnet.subnet.subnetId, ...room } };
}

function forecastOf({ subnet, exhaustion, floor }: SubnetState): AlertForecast | undefined {
  const { subnetId } = subnet;
  switch (exhaustion.state) {
    case 'no-history':
    case 'not-expected':
      return undefined;
    case 'insufficient-history': {
      const { kind: series = 'addresses', other } = exhaustion;
      const beside = other === undefined ? '' : `; ${seriesText(other.kind)}: ${ruledOutText(other)}`;
      return {
        subnetId,
        series,
        // Only addresses have one: a block that is free is one that can be taken.
        floor: series === 'blocks' ? 0 : floor.controlPlaneUpdateAddresses + floor.loadBalancerAddresses,
        p10: undefined,
        p50: undefined,
        p90: undefined,
        censoredAt: undefined,
        probability: [],
        caveats: ['insufficient-history'],
        missingHistory: missingHistoryText(exhaustion) + beside,
      };
    }
    case 'forecast':
      return {
        subnetId,
        series: exhaustion.kind,
        floor: exhaustion.floor,
        p10: dayText(exhaustion.p10),
        p50: dayText(exhaustion.p50),
        p90: dayText(exhaustion.p90),
        censoredAt: utcDayText(exhaustion.censoredDay),
        probability: [...exhaustion.probability]
          .map(([days, probability]) => ({ days, probability }))
          .toSorted((a, b) => a.days - b.days),
        caveats: exhaustion.caveats,
        ...(exhaustion.missing === undefined ? {} : { missingHistory: missingHistoryText(exhaustion.missing) }),
      };
  }
}

function dayText(day: number | undefined): string | undefined {
  return day === undefined ? undefined : utcDayText(day);
}
