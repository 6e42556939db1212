import type { AlertHome } from '../domain/alert/alert.ts';
import { encodeKeyPart, type ItemKey } from './keys.ts';

const SEPARATOR = '#';
/** Padded, so that DynamoDB, which sorts text, lists transitions in their order. */
const SEQUENCE_DIGITS = 9;

function joined(...parts: readonly string[]): string {
  return parts.map(encodeKeyPart).join(SEPARATOR);
}

/** With what else is kept of a VPC, or in a partition of the account. */
function homePartition(home: AlertHome): string {
  return home.kind === 'vpc'
    ? joined('vpc', home.vpc.ownerId, home.vpc.region, home.vpc.vpcId)
    : joined('account-alerts', home.accountId);
}

/**
 * An alert with what is not confirmed of it. Written with each step, confirmation and, where it lasts, every six hours: a WRU per
 * KB of its last transitions, 1 to 5. All of a home are read by one Query of `alertsPrefix` with each judgement that is no repeat,
 * and once more after each that changed one: an RRU per 4 KB, half an RRU where there is none.
 */
export function alertKey(home: AlertHome, alertId: string): ItemKey {
  return { pk: homePartition(home), sk: joined('alert', alertId) };
}

export function alertsPrefix(home: AlertHome): ItemKey {
  return { pk: homePartition(home), sk: `${joined('alert')}${SEPARATOR}` };
}

/** A transition that its alert's item no longer holds. Written once or, after a crash, as it was again: a WRU per KB. */
export function transitionKey(home: AlertHome, alertId: string, sequence: number): ItemKey {
  return {
    pk: homePartition(home),
    sk: joined('transition', alertId, String(sequence).padStart(SEQUENCE_DIGITS, '0')),
  };
}

export function transitionsPrefix(home: AlertHome, alertId: string): ItemKey {
  return { pk: homePartition(home), sk: `${joined('transition', alertId)}${SEPARATOR}` };
}

/**
 * That a subscriber has something to hear of an alert. Written before each transition and deleted when it is confirmed: a WRU each.
 * All of a subscriber are read by one Query every few minutes: an RRU for about 20, half an RRU where there is nothing.
 */
export function pendingKey(subscriber: string, alertId: string): ItemKey {
  return { pk: joined('pending-alerts', subscriber), sk: joined('alert', alertId) };
}

export function pendingPrefix(subscriber: string): ItemKey {
  return { pk: joined('pending-alerts', subscriber), sk: `${joined('alert')}${SEPARATOR}` };
}

/** That there is an alert. Written when it opens and when it ends: a WRU. Read by one Query of the partition: an RRU for about 20. */
export function listedAlertKey(alertId: string): ItemKey {
  return { pk: joined('alerts'), sk: joined('alert', alertId) };
}

export function listedAlertsPrefix(): ItemKey {
  return { pk: joined('alerts'), sk: `${joined('alert')}${SEPARATOR}` };
}

/** A silence. Written when somebody asks for it, and when it ends early or is deleted: a WRU each. All are read by one Query: half an RRU as a rule. */
export function silenceKey(silenceId: string): ItemKey {
  return { pk: joined('silences'), sk: joined('silence', silenceId) };
}

export function silencesPrefix(): ItemKey {
  return { pk: joined('silences'), sk: `${joined('silence')}${SEPARATOR}` };
}
