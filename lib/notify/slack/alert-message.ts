import type { Alert, AlertSeverity } from '../../domain/alert/alert.ts';
import type { AlertTransition } from '../../domain/alert/alert-transition.ts';
import { isClosed } from '../../domain/alert/compare-alerts.ts';
import { countText } from '../../domain/text/number-text.ts';
import {
  buttonsOf,
  causeBlocks,
  type MessageSetting,
  reasonsBlock,
  roomBlocks,
  sinceBlock,
  whenBlocks,
  whereBlock,
} from './alert-parts.ts';
import { SEVERITY_SIGNS, SEVERITY_WORDS, subjectName, TRANSITION_WORDS, titleWords, whatWords } from './alert-words.ts';
import type { Block, SlackMessage } from './block-kit.ts';
import { context, header, message, section } from './blocks.ts';
import { bold, code, type Mention, prose, type Span, text } from './spans.ts';
import { durationText, instantText } from './time-text.ts';

/** The first message of an alert's thread: everything there is to know, as of now. */
export function alertMessage(alert: Alert, setting: MessageSetting, mention?: Mention): SlackMessage {
  const title = titleOf(alert);
  const called: Span[] = mention === undefined ? [] : [{ kind: 'mention', of: mention }, text(' ')];
  return message({
    text: [
      ...called,
      text(`${title} `),
      code(alert.where.accountId),
      ...(alert.where.region === undefined ? [] : [text(' '), code(alert.where.region)]),
    ],
    lead: [
      header([text(title)]),
      ...(mention === undefined ? [] : [section(called)]),
      ...stateBlocks(alert),
      reasonsBlock(alert),
      ...roomBlocks(alert, setting),
      ...whenBlocks(alert),
      whereBlock(alert),
      ...(isClosed(alert) ? [] : causeBlocks(alert)),
      sinceBlock(alert, setting),
    ],
    tail: buttonsOf(alert, setting),
  });
}

/** A reply in an alert's thread: what has changed. */
export function transitionMessage(
  transition: AlertTransition,
  setting: MessageSetting,
  mention?: Mention,
): SlackMessage {
  const called: Span[] = mention === undefined ? [] : [{ kind: 'mention', of: mention }, text(' ')];
  const { alert } = transition;
  const line = transitionLine(transition);
  const isTold = transition.type === 'opened' || transition.type === 'changed' || transition.type === 'unsnoozed';
  return message({
    text: [...called, text(`${TRANSITION_WORDS[transition.type]}: ${titleWords(alert)}`)],
    lead: [
      section([...called, ...line]),
      ...(isTold
        ? [reasonsBlock(alert), ...roomBlocks(alert, setting), ...whenBlocks(alert), ...causeBlocks(alert)]
        : []),
      sinceBlock(alert, setting),
    ],
    tail: isTold ? buttonsOf(alert, setting) : [],
  });
}

const SEVERITY_ORDER: readonly AlertSeverity[] = ['critical', 'warning', 'info'];

/** Whether people who do not follow the thread have to hear of it: it got worse, and is bad. */
export function isEscalation({ type, before, after }: AlertTransition): boolean {
  return (
    type === 'changed' &&
    before !== undefined &&
    SEVERITY_ORDER.indexOf(after.severity) < SEVERITY_ORDER.indexOf(before.severity)
  );
}

function titleOf(alert: Alert): string {
  const sign = isClosed(alert) ? closedSign(alert) : SEVERITY_SIGNS[alert.severity];
  const word = isClosed(alert)
    ? TRANSITION_WORDS[alert.state === 'removed' ? 'removed' : 'resolved']
    : alert.isExhausted
      ? 'Exhausted'
      : SEVERITY_WORDS[alert.severity];
  return `${sign} ${word}: ${titleWords(alert)}`;
}

function closedSign({ state }: Alert): string {
  return state === 'removed' ? '⚪' : '✅';
}

/** What people did about it, or how it ended. */
function stateBlocks(alert: Alert): Block[] {
  switch (alert.state) {
    case 'open':
      return [];
    case 'acknowledged':
      return alert.acknowledged === undefined
        ? []
        : [
            context([
              [
                text('Acknowledged by '),
                code(alert.acknowledged.by),
                text(` at ${instantText(alert.acknowledged.at)}`),
              ],
            ]),
          ];
    case 'snoozed':
      return alert.snoozed === undefined
        ? []
        : [
            context([
              [text('Snoozed by '), code(alert.snoozed.by), text(` until ${instantText(alert.snoozed.until)}`)],
            ]),
          ];
    case 'resolved':
    case 'removed':
      return [section(endSpans(alert))];
  }
}

function endSpans(alert: Alert): Span[] {
  const lasted = durationText(alert.openedAt, alert.changedAt);
  const length = lasted === undefined ? '' : ` It was open for ${lasted}.`;
  if (alert.state === 'resolved') {
    return [text(`It has been well for long enough, as of ${instantText(alert.changedAt)}.${length}`)];
  }
  return alert.mergedInto === undefined
    ? [text(`What it was about is gone, as of ${instantText(alert.changedAt)}.${length}`)]
    : [text(`The alert of its cluster tells of it since ${instantText(alert.changedAt)}.${length}`)];
}

function transitionLine(transition: AlertTransition): Span[] {
  const { type, before, after, alert, at } = transition;
  const done = bold(TRANSITION_WORDS[type]);
  switch (type) {
    case 'opened':
      return [done, text(` as ${SEVERITY_WORDS[after.severity].toLowerCase()}, at ${instantText(at)}`)];
    case 'changed':
      return before === undefined || before.severity === after.severity
        ? [done, text(`: ${stillText(alert, after.severity)}${moreText(alert)}, at ${instantText(at)}`)]
        : [
            done,
            text(
              `: ${SEVERITY_SIGNS[before.severity]} ${before.severity} → ${SEVERITY_SIGNS[after.severity]} ${after.severity}, at ${instantText(at)}`,
            ),
          ];
    case 'acknowledged':
      return [done, ...byWhom(alert.acknowledged?.by), text(` at ${instantText(at)}`)];
    case 'snoozed':
      return [
        done,
        ...byWhom(alert.snoozed?.by),
        text(alert.snoozed === undefined ? ` at ${instantText(at)}` : ` until ${instantText(alert.snoozed.until)}`),
      ];
    case 'unsnoozed':
      return [done, text(`: the time of its snooze has come, at ${instantText(at)}`)];
    case 'resolved':
    case 'removed':
      return [text(`${closedSign(alert)} `), done, text(': '), ...endSpans(alert)];
  }
}

/** Exhausted is as severe as critical, and worse. */
function stillText({ isExhausted }: Alert, severity: AlertSeverity): string {
  return isExhausted ? 'exhausted' : `still ${SEVERITY_WORDS[severity].toLowerCase()}`;
}

/** What changes where the severity does not: more subnets fail. */
function moreText({ where }: Alert): string {
  return where.subnets.length === 0 ? '' : `, now in ${countText(where.subnets.length, 'subnet')}`;
}

function byWhom(by: string | undefined): Span[] {
  return by === undefined ? [] : [text(' by '), code(by)];
}

/** One alert as a line of a list. */
export function alertLine(alert: Alert): Span[] {
  const { severity, where, what } = alert;
  const [reason] = what.reasons;
  const sign = isClosed(alert) ? closedSign(alert) : SEVERITY_SIGNS[severity];
  return [
    text(`${sign} `),
    code(subjectName(alert)),
    text(` ${whatWords(alert)} · `),
    ...(where.accountName === undefined ? [] : [code(where.accountName), text(' ')]),
    code(where.accountId),
    ...(where.region === undefined ? [] : [text(' '), code(where.region)]),
    ...(where.team === undefined ? [] : [text(' · team '), code(where.team)]),
    ...(reason === undefined ? [] : [text('\n      '), prose(reason.text, LINE_REASON_LENGTH_MAX)]),
  ];
}

const LINE_REASON_LENGTH_MAX = 160;
