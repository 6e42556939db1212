import { ALERT_SEVERITIES, type Alert, type AlertKind, type AlertSeverity } from '../../domain/alert/alert.ts';
import type { AlertNotification, PendingAlert } from '../../domain/alert/alert-notification.ts';
import type { AlertTransition } from '../../domain/alert/alert-transition.ts';
import { isClosed } from '../../domain/alert/compare-alerts.ts';
import { countText } from '../../domain/text/number-text.ts';
import { alertLine } from '../slack/alert-message.ts';
import { type MessageSetting, reasonSpans } from '../slack/alert-parts.ts';
import { kindWords, roomWords, SEVERITY_WORDS, TRANSITION_WORDS, titleWords } from '../slack/alert-words.ts';
import { caveatText, forecastText } from '../slack/forecast-text.ts';
import { agedText, instantText } from '../slack/time-text.ts';
import { mailSpans, mailSubject, mailText } from './mail-text.ts';

/** A mail as SNS sends it. */
export interface Mail {
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
  /** What a subscription to the topic can be filtered by: the worst that the mail tells of. */
  readonly severity: AlertSeverity;
  readonly kinds: readonly AlertKind[];
}

/** So many alerts are listed in a mail, and so many reasons of one; the others are counted. Decided here: people read it. */
const ALERTS_LISTED = 100;
const REASONS_LISTED = 20;
const DRIVERS_LISTED = 3;
const NAMES_LISTED = 10;

/** Returns a notification as a mail. */
export function notificationMail(notification: AlertNotification, setting: MessageSetting): Mail {
  switch (notification.kind) {
    case 'alert':
      return alertMail(notification, setting);
    case 'fold': {
      const { alerts, type, alertKind, cause } = notification;
      const title = `${countText(alerts.length, 'alert')} ${TRANSITION_WORDS[type].toLowerCase()}: ${kindWords(alertKind)}`;
      const lead = cause === undefined ? 'They came together.' : `One cause: ${mailText(cause)}.`;
      return listMail(title, lead, alerts, setting);
    }
    case 'first-judgements': {
      const { alerts } = notification;
      const accounts = new Set(alerts.map(({ alert }) => alert.where.accountId)).size;
      const title = `First look at ${countText(accounts, 'account')}: ${countText(alerts.length, 'alert')}`;
      return listMail(
        title,
        'They were there before anybody looked, so they are told once, together.',
        alerts,
        setting,
      );
    }
  }
}

function alertMail({ alert, transitions }: PendingAlert, setting: MessageSetting): Mail {
  const last = transitions.at(-1) ?? transitions[0];
  const word = isClosed(alert) ? TRANSITION_WORDS[last.type] : standingWord(alert);
  const { accountName, accountId, region } = alert.where;
  const place = [accountName ?? accountId, ...(region === undefined ? [] : [region])].join(', ');
  const title = `${word}: ${titleWords(alert)}`;
  return {
    subject: mailSubject(`${title} (${place})`),
    text: textOf([
      [mailText(title)],
      transitions.map(transitionLine),
      ...(isClosed(alert) ? [] : [howBad(alert), ...whatIsLeft(alert, setting), ...whenIt(alert), ...whyIt(alert)]),
      where(alert),
      [lasting(alert, setting), `Numbers observed ${agedText(alert.observedAt, setting.now)}.`],
      pageOf(alert, setting),
    ]),
    severity: alert.severity,
    kinds: [alert.kind],
  };
}

function lasting(alert: Alert, { now }: MessageSetting): string {
  const { openedAt, changedAt } = alert;
  return isClosed(alert)
    ? `It was open from ${instantText(openedAt)} to ${instantText(changedAt)}.`
    : `Open since ${agedText(openedAt, now)}.`;
}

function standingWord({ isExhausted, severity }: Alert): string {
  return isExhausted ? 'Exhausted' : SEVERITY_WORDS[severity];
}

function transitionLine({ type, at, before, after, alert }: AlertTransition): string {
  const isMoved = type === 'changed' && before !== undefined && before.severity !== after.severity;
  const by = type === 'acknowledged' ? alert.acknowledged?.by : type === 'snoozed' ? alert.snoozed?.by : undefined;
  return [
    `${TRANSITION_WORDS[type]} ${instantText(at)}`,
    ...(isMoved ? [`from ${before.severity} to ${after.severity}`] : []),
    ...(by === undefined ? [] : [`by ${mailText(by)}`]),
    ...(type === 'snoozed' && alert.snoozed !== undefined ? [`until ${instantText(alert.snoozed.until)}`] : []),
    ...(alert.mergedInto === undefined ? [] : [`another alert tells of it now: ${mailText(alert.mergedInto)}`]),
  ].join(', ');
}

function howBad({ what, where: { subnets } }: Alert): string[] {
  const shown = what.reasons.slice(0, REASONS_LISTED);
  const left = what.reasons.length - shown.length;
  return [
    'How bad',
    ...shown.map((reason) => `- ${mailSpans(reasonSpans(reason, subnets))}`),
    ...(left === 0 ? [] : [`- and ${countText(left, 'more', 'more')}`]),
  ];
}

function whatIsLeft({ what: { room } }: Alert, { now }: MessageSetting): string[][] {
  return room === undefined ? [] : [['What runs out', `- ${mailText(room.subnetId)} has ${roomWords(room, now)}`]];
}

function whenIt({ what: { forecast } }: Alert): string[][] {
  if (forecast === undefined) {
    return [];
  }
  const caveat = caveatText(forecast);
  return [
    [
      'When',
      `- ${mailText(forecast.subnetId)} ${forecastText(forecast)}`,
      ...(caveat === undefined ? [] : [`- What the forecast does not know: ${caveat}`]),
    ],
  ];
}

function whyIt({ what: { drivers, change } }: Alert): string[][] {
  return [
    ...(drivers.length === 0
      ? []
      : [['What drives it', ...drivers.slice(0, DRIVERS_LISTED).map(({ text }) => `- ${mailText(text)}`)]]),
    ['What helps most', `- ${change === undefined ? 'nothing that is known would make room' : mailText(change.text)}`],
  ];
}

function where({ where: { accountName, accountId, team, region, clusters, zones, vpcName, vpcId } }: Alert): string[] {
  return [
    'Where',
    `- account: ${named(accountName, accountId)}`,
    `- team: ${team === undefined ? 'nobody is named' : mailText(team)}`,
    `- region: ${region ?? 'several'}`,
    ...listed(
      'cluster',
      clusters.map(({ clusterName }) => clusterName),
    ),
    ...listed(
      'zone',
      zones.map(({ availabilityZone, availabilityZoneId: id }) =>
        id === undefined ? availabilityZone : `${availabilityZone} (${id})`,
      ),
    ),
    ...(vpcId === undefined ? [] : [`- VPC: ${named(vpcName, vpcId)}`]),
  ];
}

function named(name: string | undefined, id: string): string {
  return name === undefined ? mailText(id) : `${mailText(name)} (${mailText(id)})`;
}

function listed(word: string, names: readonly string[]): string[] {
  const left = names.length - NAMES_LISTED;
  const shown = names.slice(0, NAMES_LISTED).map(mailText).join(', ');
  return names.length === 0 ? [] : [`- ${word}: ${shown}${left <= 0 ? '' : ` and ${left} more`}`];
}

function listMail(title: string, lead: string, pending: readonly PendingAlert[], setting: MessageSetting): Mail {
  const alerts = pending.map(({ alert }) => alert);
  const left = alerts.length - ALERTS_LISTED;
  const severities = new Set(alerts.map(({ severity }) => severity));
  return {
    subject: mailSubject(title),
    text: textOf([
      [title],
      [lead],
      alerts.slice(0, ALERTS_LISTED).map((alert) => `- ${mailSpans(alertLine(alert))}`),
      left <= 0 ? [] : [`and ${countText(left, 'alert')} more`],
      [`Written ${instantText(setting.now)}.`],
    ]),
    severity: ALERT_SEVERITIES.find((severity) => severities.has(severity)) ?? 'info',
    kinds: [...new Set(alerts.map(({ kind }) => kind))],
  };
}

function pageOf({ alertId }: Alert, { alertUrl }: MessageSetting): string[] {
  const url = alertUrl(alertId);
  return url === undefined ? [] : [url];
}

/** Paragraphs, of lines each. */
function textOf(paragraphs: readonly (readonly string[])[]): string {
  const written = paragraphs.filter(({ length }) => length > 0).map((lines) => lines.join('\n'));
  return `${written.join('\n\n')}\n`;
}
