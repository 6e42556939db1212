import type { Instant } from '../fact.ts';
import { instantMs } from '../instant.ts';
import type { AlertKind } from './alert.ts';
import { idText } from './alert-id.ts';
import type { AlertNotification, PendingAlert } from './alert-notification.ts';
import type { AlertTransitionType } from './alert-transition.ts';
import { compareAlerts } from './compare-alerts.ts';

/** More alerts of a kind than this in one hour are told as one. */
export const FOLD_ALERTS_MIN = 11;
/** One cause in so many accounts is one matter. */
export const FOLD_ACCOUNTS_MIN = 3;
/** A run takes a part of an hour to get round to everyone: first judgements wait for those that come with them. */
export const FIRST_JUDGEMENTS_WAIT_MS = 3_600_000;
/** `2026-11-23T08`. */
const HOUR_LENGTH = 13;

export interface FoldInput {
  readonly pending: readonly PendingAlert[];
  readonly now: Instant;
  /** How many alerts of a kind opened in the hour of an instant, told or not, first judgements left out. */
  readonly openedInHour: (kind: AlertKind, at: Instant) => number;
}

/**
 * Turns what a subscriber has not confirmed into messages, the most urgent first. What is not in them yet waits: first
 * judgements, until those that come with them are in.
 */
export function foldPending({ pending, now, openedInHour }: FoldInput): readonly AlertNotification[] {
  const ordered = pending.toSorted((a, b) => compareAlerts(a.alert, b.alert));
  const first = ordered.filter(isFirstJudgement);
  const rest = ordered.filter((one) => !isFirstJudgement(one));
  const ofOneCause = groupsOf(rest, causeName).filter(isWide);
  const others = without(rest, ofOneCause);
  const ofOneKind = groupsOf(others, kindName).filter((group) => isMany(group, openedInHour));
  const groups: readonly Group[] = [
    ...ofOneCause,
    ...ofOneKind,
    ...without(others, ofOneKind).map((one): Group => [one]),
  ];
  const causes = new Map(ofOneCause.map((group) => [group, group[0].alert.what.cause]));
  const folded = new Set([...ofOneCause, ...ofOneKind]);
  return [
    ...groups
      .toSorted(([a], [b]) => compareAlerts(a.alert, b.alert))
      .map((group) => (folded.has(group) ? foldOf(group, causes.get(group)) : { kind: 'alert' as const, ...group[0] })),
    ...firstJudgements(first, now),
  ];
}

type Group = readonly [PendingAlert, ...PendingAlert[]];

function isFirstJudgement({ alert, transitions }: PendingAlert): boolean {
  return alert.isFirstJudgement && transitions[0].type === 'opened';
}

function causeName({ alert, transitions }: PendingAlert): string | undefined {
  const { cause } = alert.what;
  return cause === undefined ? undefined : idText([alert.kind, lastOf(transitions).type, cause]);
}

function kindName({ alert, transitions }: PendingAlert): string {
  return idText([alert.kind, lastOf(transitions).type]);
}

function without(items: readonly PendingAlert[], groups: readonly Group[]): readonly PendingAlert[] {
  const grouped = new Set(groups.flat());
  return items.filter((item) => !grouped.has(item));
}

function isWide(group: Group): boolean {
  return new Set(group.map(({ alert }) => alert.where.accountId)).size >= FOLD_ACCOUNTS_MIN;
}

function isMany(group: Group, openedInHour: FoldInput['openedInHour']): boolean {
  const { kind, type, at } = stepOf(group);
  const count = type === 'opened' ? Math.max(group.length, openedInHour(kind, at)) : group.length;
  return count >= FOLD_ALERTS_MIN;
}

function foldOf(group: Group, cause: string | undefined): AlertNotification {
  const { kind, type, at } = stepOf(group);
  const hour = at.slice(0, HOUR_LENGTH);
  return {
    kind: 'fold',
    // An empty word is no cause's.
    foldId: idText([kind, type, cause ?? '', hour]),
    alertKind: kind,
    type,
    cause,
    since: `${hour}:00:00.000Z`,
    alerts: group,
  };
}

/** What the last steps of a group have in common, and when the earliest of them was. */
function stepOf(group: Group): { readonly kind: AlertKind; readonly type: AlertTransitionType; readonly at: Instant } {
  const last = lastOf(group[0].transitions);
  const [earliest] = group.map(({ transitions }) => lastOf(transitions).at).toSorted();
  return { kind: group[0].alert.kind, type: last.type, at: earliest ?? last.at };
}

function firstJudgements(alerts: readonly PendingAlert[], now: Instant): AlertNotification[] {
  const openedAt = alerts.map(({ transitions }) => transitions[0].at).toSorted()[0];
  if (openedAt === undefined || !hasWaited(openedAt, now)) {
    return [];
  }
  return [{ kind: 'first-judgements', digestId: idText(['first-judgements', openedAt.slice(0, HOUR_LENGTH)]), alerts }];
}

function hasWaited(since: Instant, now: Instant): boolean {
  const sinceMs = instantMs(since);
  const nowMs = instantMs(now);
  return sinceMs === undefined || nowMs === undefined || nowMs - sinceMs >= FIRST_JUDGEMENTS_WAIT_MS;
}

function lastOf<T>(items: readonly [T, ...T[]]): T {
  return items.at(-1) ?? items[0];
}

/** What has no name is in no group. */
function groupsOf(
  items: readonly PendingAlert[],
  nameOf: (item: PendingAlert) => string | undefined,
): readonly Group[] {
  const groups = new Map<string, [PendingAlert, ...PendingAlert[]]>();
  for (const item of items) {
    const name = nameOf(item);
    const group = name === undefined ? undefined : groups.get(name);
    if (group !== undefined) {
      group.push(item);
    } else if (name !== undefined) {
      groups.set(name, [item]);
    }
  }
  return [...groups.values()];
}
