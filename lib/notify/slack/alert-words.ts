import type { Alert, AlertKind, AlertRoom, AlertSeverity, AlertSubject } from '../../domain/alert/alert.ts';
import type { AlertTransitionType } from '../../domain/alert/alert-transition.ts';
import { roomSourceText, roomText } from '../../domain/capacity/room-text.ts';
import type { Instant } from '../../domain/fact.ts';
import { visibleText } from '../../domain/text/visible-text.ts';
import { seriesText } from '../../domain/trend/series-text.ts';
import { ELLIPSIS } from './spans.ts';
import { agedText } from './time-text.ts';

export const SEVERITY_WORDS: Readonly<Record<AlertSeverity, string>> = {
  critical: 'Critical',
  warning: 'Warning',
  info: 'Info',
};

export const SEVERITY_SIGNS: Readonly<Record<AlertSeverity, string>> = {
  critical: '🔴',
  warning: '🟠',
  info: '🔵',
};

export const TRANSITION_WORDS: Readonly<Record<AlertTransitionType, string>> = {
  opened: 'Opened',
  changed: 'Changed',
  acknowledged: 'Acknowledged',
  snoozed: 'Snoozed',
  unsnoozed: 'No longer snoozed',
  resolved: 'Resolved',
  removed: 'Removed',
};

const KIND_WORDS: Readonly<Record<AlertKind, string>> = {
  exhaustion: 'addresses run out',
  'no-free-prefix': 'no free /28 block left for prefixes',
  'scan-stale': 'not seen',
  'residual-unexplained': 'addresses in use that nothing explains',
};

/** What is wrong, in a few words. */
export function kindWords(kind: AlertKind): string {
  return KIND_WORDS[kind];
}

/** What is wrong with this one: of an exhaustion, what it is that runs out. What was kept before it was told has its forecast. */
export function whatWords({ kind, what }: Pick<Alert, 'kind' | 'what'>): string {
  const series = what.room?.series ?? what.forecast?.series;
  return kind === 'exhaustion' && series !== undefined ? `${seriesText(series)} run out` : KIND_WORDS[kind];
}

/** How much is left of what runs out, what that rests on, and how old it is. */
export function roomWords(room: AlertRoom, now: Instant): string {
  return `${roomText(room)}, ${roomSourceText(room)} as of ${agedText(room.observedAt, now)}`;
}

/** What is wrong and where, as in a title. */
export function titleWords(alert: Pick<Alert, 'kind' | 'what' | 'subject' | 'where'>): string {
  return alert.kind === 'scan-stale'
    ? `${subjectName(alert)} ${whatWords(alert)}`
    : `${whatWords(alert)} in ${subjectName(alert)}`;
}

const TITLE_NAME_LENGTH_MAX = 60;

/** The name that people know it by. It may be foreign: it was made visible, and has to be escaped. */
export function subjectName({ subject, where }: Pick<Alert, 'subject' | 'where'>): string {
  const characters = [...visibleText(nameOf(subject, where))];
  return characters.length <= TITLE_NAME_LENGTH_MAX
    ? characters.join('')
    : characters.slice(0, TITLE_NAME_LENGTH_MAX - 1).join('') + ELLIPSIS;
}

function nameOf(subject: AlertSubject, where: Alert['where']): string {
  switch (subject.kind) {
    case 'subnet':
      return where.subnets.find(({ subnetId }) => subnetId === subject.subnetId)?.name ?? subject.subnetId;
    case 'cluster':
      return subject.clusterName;
    case 'account':
      return where.accountName ?? subject.accountId;
    case 'target':
      return `${where.accountName ?? subject.target.accountId} in ${subject.target.region}`;
  }
}
