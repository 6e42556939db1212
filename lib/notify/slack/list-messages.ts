import type { Alert } from '../../domain/alert/alert.ts';
import type { AlertFold, PendingAlert } from '../../domain/alert/alert-notification.ts';
import type { DailyDigest } from '../../domain/alert/daily-digest.ts';
import { countText } from '../../domain/text/number-text.ts';
import { alertLine } from './alert-message.ts';
import type { MessageSetting } from './alert-parts.ts';
import { kindWords, TRANSITION_WORDS } from './alert-words.ts';
import type { Block, SlackMessage } from './block-kit.ts';
import { context, header, message, section } from './blocks.ts';
import { bold, code, type Mention, prose, type Span, text } from './spans.ts';
import { agedText, instantText } from './time-text.ts';

/** Many alerts told as one, the most urgent first. */
export function foldMessage(
  fold: Omit<AlertFold, 'foldId'>,
  setting: MessageSetting,
  place: 'root' | 'reply',
  mention?: Mention,
): SlackMessage {
  const count = countText(fold.alerts.length, 'alert');
  const title = `${place === 'reply' ? 'More: ' : ''}${count} ${TRANSITION_WORDS[fold.type].toLowerCase()}: ${kindWords(fold.alertKind)}`;
  const called: Span[] = mention === undefined ? [] : [{ kind: 'mention', of: mention }, text(' ')];
  const accounts = new Set(fold.alerts.flatMap(({ alert }) => alert.where.accountIds)).size;
  return message({
    text: [...called, text(title)],
    lead: [
      header([text(title)]),
      section([
        ...called,
        ...(fold.cause === undefined
          ? [text('They came together')]
          : [text('One cause: '), prose(fold.cause, CAUSE_LENGTH_MAX)]),
        text(`, in ${countText(accounts, 'account')}, since ${agedText(fold.since, setting.now)}.`),
      ]),
    ],
    rows: fold.alerts.map(({ alert }) => section(alertLine(alert))),
    leftOut: leftOutAlerts,
    tail: [
      oldestContext(
        fold.alerts.map(({ alert }) => alert),
        setting,
      ),
    ],
  });
}

const CAUSE_LENGTH_MAX = 300;

/** What was found when accounts were judged for the first time. */
export function firstJudgementMessage(
  alerts: readonly PendingAlert[],
  setting: MessageSetting,
  mention?: Mention,
): SlackMessage {
  const accounts = new Set(alerts.map(({ alert }) => alert.where.accountId)).size;
  const title = `First look at ${countText(accounts, 'account')}: ${countText(alerts.length, 'alert')}`;
  const called: Span[] = mention === undefined ? [] : [{ kind: 'mention', of: mention }, text(' ')];
  return message({
    text: [...called, text(title)],
    lead: [
      header([text(title)]),
      section([
        ...called,
        text(
          'They were there before anybody looked, so they are told once, together. From now on each change comes by itself.',
        ),
      ]),
    ],
    rows: alerts.map(({ alert }) => section(alertLine(alert))),
    leftOut: leftOutAlerts,
    tail: [
      oldestContext(
        alerts.map(({ alert }) => alert),
        setting,
      ),
    ],
  });
}

/** The day as it stands: what is open, what changed, what was silenced, what was not seen. */
export function dailyDigestMessage(digest: DailyDigest, setting: MessageSetting): SlackMessage {
  const { day, open, changed, silenced, notSeen, coverage } = digest;
  const title = `${day}: ${open.length === 0 ? 'no alert is open' : `${countText(open.length, 'alert')} open`}`;
  return message({
    text: [text(`${title}, ${seenWords(digest)}`)],
    lead: [header([text(title)]), section(coverageSpans(coverage, setting))],
    rows: [
      ...part(
        'Not seen',
        notSeen.map((sentence) => [text('• '), prose(sentence, LINE_LENGTH_MAX)]),
      ),
      ...part('Open, the most urgent first', open.map(alertLine)),
      ...part(
        'Changed',
        changed.map(({ alert, type, at }) => [
          bold(TRANSITION_WORDS[type]),
          text(` ${instantText(at)} `),
          ...alertLine(alert),
        ]),
      ),
      ...part('Silenced', silenced.map(silencedLine)),
    ],
    leftOut: (count) =>
      context([[text(`… and ${countText(count, 'line')} more that ${count === 1 ? 'does' : 'do'} not fit here`)]]),
    tail: [oldestContext(open, setting)],
  });
}

function seenWords({ notSeen, coverage }: DailyDigest): string {
  if (coverage === undefined) {
    return 'no scan is over yet';
  }
  return notSeen.length === 0 ? 'everything seen' : `${countText(notSeen.length, 'thing')} not seen`;
}

const LINE_LENGTH_MAX = 200;
/** Lines of a part are put into one block: a message has 50 at most. */
const LINES_PER_BLOCK = 5;

function part(title: string, lines: readonly (readonly Span[])[]): Block[] {
  if (lines.length === 0) {
    return [];
  }
  const blocks: Block[] = [];
  for (let from = 0; from < lines.length; from += LINES_PER_BLOCK) {
    const shown = lines.slice(from, from + LINES_PER_BLOCK);
    const head: Span[] = from === 0 ? [bold(`${title} (${lines.length})`), text('\n')] : [];
    blocks.push(section([...head, ...shown.flatMap((line, index) => [...(index === 0 ? [] : [text('\n')]), ...line])]));
  }
  return blocks;
}

function coverageSpans(coverage: DailyDigest['coverage'], { now }: MessageSetting): Span[] {
  if (coverage === undefined) {
    return [text('No scan is over yet, so nothing can be said of what was seen.')];
  }
  const { expectedTargets, finishedTargets, observedAt } = coverage;
  return [
    text(
      `${finishedTargets} of ${countText(expectedTargets, 'account and region', 'accounts and regions')} seen by the newest run, of ${agedText(observedAt, now)}.`,
    ),
  ];
}

function silencedLine({ alert, silence }: DailyDigest['silenced'][number]): Span[] {
  return [
    ...alertLine(alert),
    text('\n      silenced by '),
    code(silence.author),
    text(` until ${instantText(silence.until)}: `),
    prose(silence.reason, LINE_LENGTH_MAX),
  ];
}

function leftOutAlerts(count: number): Block {
  return context([[text(`… and ${countText(count, 'alert')} more that ${count === 1 ? 'does' : 'do'} not fit here`)]]);
}

/** The age of the oldest number shown. */
function oldestContext(alerts: readonly Alert[], { now }: MessageSetting): Block {
  const [oldest] = alerts.map(({ observedAt }) => observedAt).toSorted();
  return context([
    [
      text(
        oldest === undefined
          ? `As of ${instantText(now)}`
          : `The oldest number here was observed ${agedText(oldest, now)}`,
      ),
    ],
  ]);
}

/** The message that shows that a channel can be reached. */
export function channelTestMessage(
  { askedBy, channel }: { readonly askedBy: string; readonly channel: string },
  { now }: Pick<MessageSetting, 'now'>,
): SlackMessage {
  return message({
    text: [text('Elbowroom reaches this channel')],
    lead: [
      header([text('Elbowroom reaches this channel')]),
      section([
        code(askedBy),
        text(' asked for this test at '),
        text(instantText(now)),
        text('. From now on alerts that are routed to '),
        code(channel),
        text(' are posted here; until now they were only shown in a preview.'),
      ]),
    ],
  });
}
