import type { Alert, AlertReason } from '../../domain/alert/alert.ts';
import { isClosed } from '../../domain/alert/compare-alerts.ts';
import type { Instant } from '../../domain/fact.ts';
import { ALERT_ACTIONS, type AlertAction, actionIdOf } from './action-id.ts';
import { roomWords, SEVERITY_SIGNS, SEVERITY_WORDS } from './alert-words.ts';
import type { ActionsBlock, Block } from './block-kit.ts';
import { actions, button, context, fields, section } from './blocks.ts';
import { caveatText, forecastText } from './forecast-text.ts';
import { bold, code, prose, type Span, text } from './spans.ts';
import { agedText } from './time-text.ts';

/** What a message is written with besides the alert. */
export interface MessageSetting {
  /** When it is written: ages are told as of then. */
  readonly now: Instant;
  /** The page of an alert; `undefined` where there are no pages. */
  readonly alertUrl: (alertId: string) => string | undefined;
}

/** So many of each are named, the others counted. Decided here: a message is read on a phone. */
const REASONS_SHOWN = 4;
const DRIVERS_SHOWN = 3;
const NAMES_SHOWN = 4;
const SENTENCE_LENGTH_MAX = 400;

const ACTION_LABELS: Readonly<Record<AlertAction, string>> = {
  acknowledge: 'Acknowledge',
  'snooze-1-day': 'Snooze 1 day',
  'snooze-7-days': 'Snooze 7 days',
};

/** Where it is: account, team, region, VPC, zones, clusters. What is not known is said to be. */
export function whereBlock({ where }: Alert): Block {
  const account = [
    ...(where.accountName === undefined ? [] : [code(where.accountName), text(' ')]),
    code(where.accountId),
  ];
  const others = where.accountIds.filter((id) => id !== where.accountId);
  return fields([
    { name: 'Account', spans: [...account, ...(others.length === 0 ? [] : [text('\nalso '), ...names(others)])] },
    { name: 'Team', spans: [where.team === undefined ? text('nobody is named') : code(where.team)] },
    { name: 'Region', spans: [where.region === undefined ? text('several') : code(where.region)] },
    ...(where.clusters.length === 0
      ? []
      : [{ name: 'Cluster', spans: names(where.clusters.map(({ clusterName }) => clusterName)) }]),
    ...(where.zones.length === 0
      ? []
      : [
          {
            name: 'Zone',
            spans: names(
              where.zones.map(({ availabilityZone, availabilityZoneId: id }) =>
                id === undefined ? availabilityZone : `${availabilityZone} (${id})`,
              ),
            ),
          },
        ]),
    ...(where.vpcId === undefined
      ? []
      : [
          {
            name: 'VPC',
            spans: [...(where.vpcName === undefined ? [] : [code(where.vpcName), text(' ')]), code(where.vpcId)],
          },
        ]),
  ]);
}

/** How bad it is: what was measured, and what would be enough. */
export function reasonsBlock({ what, where }: Alert): Block {
  const shown = what.reasons.slice(0, REASONS_SHOWN);
  const left = what.reasons.length - shown.length;
  return section([
    bold('How bad'),
    ...shown.flatMap((reason) => [text('\n• '), ...reasonSpans(reason, where.subnets)]),
    ...(left === 0 ? [] : [text(`\n… and ${left} more`)]),
  ]);
}

export function reasonSpans({ resourceId, text: sentence }: AlertReason, subnets: Alert['where']['subnets']): Span[] {
  const subnet = subnets.find(({ subnetId }) => subnetId === resourceId);
  return [
    ...(subnet?.name === undefined ? [] : [code(subnet.name), text(' ')]),
    code(resourceId),
    ...(subnet?.cidrBlock === undefined ? [] : [text(' '), code(subnet.cidrBlock)]),
    text(': '),
    prose(sentence, SENTENCE_LENGTH_MAX),
  ];
}

/** What runs out and how much of it is left, where that is what it is about. */
export function roomBlocks({ what: { room } }: Alert, { now }: MessageSetting): Block[] {
  return room === undefined
    ? []
    : [section([bold('What runs out'), text('\n'), code(room.subnetId), text(` has ${roomWords(room, now)}`)])];
}

/** When it runs out, where that is what it is about. */
export function whenBlocks({ what: { forecast } }: Alert): Block[] {
  if (forecast === undefined) {
    return [];
  }
  const caveat = caveatText(forecast);
  return [
    section([bold('When'), text('\n'), code(forecast.subnetId), text(` ${forecastText(forecast)}`)]),
    ...(caveat === undefined ? [] : [context([[text(`What the forecast does not know: ${caveat}`)]])]),
  ];
}

/** What drives it, and what helps most. */
export function causeBlocks({ what: { drivers, change } }: Alert): Block[] {
  const shown = drivers.slice(0, DRIVERS_SHOWN);
  return [
    ...(shown.length === 0
      ? []
      : [
          section([
            bold('What drives it'),
            ...shown.flatMap(({ text: sentence }) => [text('\n• '), prose(sentence, SENTENCE_LENGTH_MAX)]),
          ]),
        ]),
    section([
      bold('What helps most'),
      text('\n'),
      change === undefined ? text('nothing that is known would make room') : prose(change.text, SENTENCE_LENGTH_MAX),
    ]),
  ];
}

/** How bad it is or was, since when, and where its numbers come from and how old they are. */
export function sinceBlock(alert: Alert, { now }: MessageSetting): Block {
  const { severity, kind, openedAt, observedAt } = alert;
  const level = isClosed(alert)
    ? `Was ${SEVERITY_WORDS[severity].toLowerCase()}, opened`
    : `${SEVERITY_SIGNS[severity]} ${SEVERITY_WORDS[severity]}, open since`;
  const source = kind === 'scan-stale' ? 'as of' : 'numbers of EC2 as of';
  return context([[text(`${level} ${agedText(openedAt, now)} · ${source} ${agedText(observedAt, now)}`)]]);
}

/** Buttons of an alert that is not closed: its page, to acknowledge it, to snooze it. */
export function buttonsOf(alert: Alert, { alertUrl }: MessageSetting): ActionsBlock[] {
  const { alertId, sequence } = alert;
  const url = alertUrl(alertId);
  const page = url === undefined ? [] : button('Open', { actionId: 'open-page', url });
  const asked = isClosed(alert)
    ? []
    : ALERT_ACTIONS.filter((action) => action !== 'acknowledge' || alert.state !== 'acknowledged').flatMap((action) => {
        const actionId = actionIdOf({ action, alertId, sequence });
        return actionId === undefined ? [] : button(ACTION_LABELS[action], { actionId });
      });
  return page.length + asked.length === 0 ? [] : [actions([...page, ...asked])];
}

/** A few names, and how many more there are. */
export function names(all: readonly string[]): Span[] {
  const left = all.length - NAMES_SHOWN;
  return [
    ...all.slice(0, NAMES_SHOWN).flatMap((name, index) => [...(index === 0 ? [] : [text(', ')]), code(name)]),
    ...(left <= 0 ? [] : [text(` and ${left} more`)]),
  ];
}
