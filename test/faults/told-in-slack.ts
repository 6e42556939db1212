import { createHash } from 'node:crypto';
import type { AlertTransition } from '../../lib/domain/alert/alert-transition.ts';
import type { FakeMessage, FakePost, FakeSlack } from '../notify/slack/fake-slack.ts';

/** What happened, and a Slack that was told of it. */
export interface ToldRun {
  readonly slack: FakeSlack;
  /** `atMs`: when a subscriber could hear of it first. Of each alert in its order. */
  readonly happened: readonly (AlertTransition & { readonly atMs: number })[];
}

const MINUTE_MS = 60_000;
/** Between the look at the history and the first attempt to repeat lies a wait for the channel's turn. */
const TURN_MS = 45_000;
const NONE: readonly FakeMessage[] = [];
/** What a fold tells is the same step of each; what was found at a first look may have gone on by then. */
const STEP_OF_LIST = /\.(opened|changed|acknowledged|snoozed|unsnoozed|resolved|removed)[.~]/;

/** Messages that our requests made, by the transitions that they tell, as `alertId~sequence`. */
export function messagesOf(run: ToldRun): ReadonlyMap<string, readonly FakeMessage[]> {
  const known = found.get(run) ?? findMessages(run);
  found.set(run, known);
  return known;
}

const found = new WeakMap<ToldRun, ReadonlyMap<string, readonly FakeMessage[]>>();

function findMessages(run: ToldRun): ReadonlyMap<string, readonly FakeMessage[]> {
  const pairs = run.slack.messages
    .filter(({ isEcho }) => !isEcho)
    .flatMap((message) => toldBy(run, message).map((name) => ({ name, message })));
  return new Map(
    [...Map.groupBy(pairs, ({ name }) => name)].map(([name, all]) => [name, all.map(({ message }) => message)]),
  );
}

/** Its key says it; that of a list by a digest of what is in it, whose names can be read. */
function toldBy({ happened }: ToldRun, { key, blocks, acceptedAtMs }: FakeMessage): string[] {
  if (!isListKey(key)) {
    return [key];
  }
  const type = STEP_OF_LIST.exec(key)?.[1];
  const names = [...JSON.stringify(blocks).matchAll(/`((?:many|net)-\d+)`/g)].map(([, name]) => name);
  const choices = names.map((name) =>
    happened
      .filter(({ alertId, atMs }) => alertId.endsWith(`.subnet-${name}`) && atMs <= acceptedAtMs)
      .filter((transition) => type === undefined || transition.type === type)
      .map(({ alertId, sequence }) => `${alertId}~${sequence}`)
      .toReversed(),
  );
  const told = firstMatch(choices, key.slice(key.lastIndexOf('~') + 1));
  if (told === undefined) {
    throw new Error(`Nobody knows what the list ${key} tells: ${JSON.stringify(names)}`);
  }
  return told;
}

/** Of each alert one transition, so that all together have the digest. */
function firstMatch(
  choices: readonly (readonly string[])[],
  digest: string,
  chosen: readonly string[] = [],
): string[] | undefined {
  const next = choices[chosen.length];
  if (next === undefined) {
    const text = chosen.toSorted().join('\n');
    return createHash('sha256').update(text).digest('hex').startsWith(digest) ? [...chosen] : undefined;
  }
  for (const one of next) {
    const match = firstMatch(choices, digest, [...chosen, one]);
    if (match !== undefined) {
      return match;
    }
  }
  return undefined;
}

function isListKey(key: string): boolean {
  return key.startsWith('list~');
}

/** A list tells the last step of each alert, and with it what came before. */
export function untold(run: ToldRun): string[] {
  const told = messagesOf(run);
  const listed = new Set(
    [...told].flatMap(([name, messages]) => (messages.some(({ key }) => isListKey(key)) ? [name] : [])),
  );
  return run.happened.flatMap(({ alertId, sequence }) => {
    const isCovered = run.happened.some(
      (later) => later.alertId === alertId && later.sequence > sequence && listed.has(`${alertId}~${later.sequence}`),
    );
    return told.has(`${alertId}~${sequence}`) || isCovered ? [] : [`${alertId}~${sequence}`];
  });
}

/** Repeats that were sent though the first was seen, or without a word that they may be repeats. */
export function wrongRepeats(run: ToldRun): unknown[] {
  return [...messagesOf(run)].flatMap(([name, messages]) => {
    const sent = messages.toSorted((a, b) => a.post.sentAtMs - b.post.sentAtMs);
    return sent.slice(1).flatMap(({ post }, index) => {
      const before = sent[index];
      const wasVisible =
        before !== undefined &&
        before.visibleFromMs < firstAttemptMs(run, before.post, post) - TURN_MS &&
        run.slack.historyFailureCount() === 0;
      const isEarly = before !== undefined && post.sentAtMs - before.post.sentAtMs < MINUTE_MS;
      return !post.isMarked || wasVisible || isEarly ? [{ name, post, before }] : [];
    });
  });
}

/** When it was first tried to repeat a post: the attempts that Slack refuses go on from that look at the history. */
function firstAttemptMs({ slack }: ToldRun, before: FakePost, { key, sentAtMs }: FakePost): number {
  const first = slack.posts.find((post) => post.key === key && post.isMarked && post.sentAtMs > before.sentAtMs);
  return first?.sentAtMs ?? sentAtMs;
}

/** Of an alert's messages the first of each transition come in their order. */
export function outOfOrder(run: ToldRun): string[] {
  const told = messagesOf(run);
  return run.happened.flatMap(({ alertId, sequence }) => {
    // Slack may take late what was sent before: the order is that of sending.
    const firstOf = (number: number) => told.get(`${alertId}~${number}`)?.[0]?.post.sentAtMs;
    const before = firstOf(sequence - 1);
    const after = firstOf(sequence);
    return before !== undefined && after !== undefined && before > after && !isRepeated(told, alertId)
      ? [`${alertId}~${sequence}`]
      : [];
  });
}

function isRepeated(told: ReadonlyMap<string, readonly FakeMessage[]>, alertId: string): boolean {
  return [...told].some(([name, messages]) => name.startsWith(`${alertId}~`) && messages.length > 1);
}

/** A new first message only where the thread was closed, or where a first message was repeated; lists begin threads of their own. */
export function strayRoots(run: ToldRun): string[] {
  const told = messagesOf(run);
  return run.happened.flatMap(({ alertId, sequence, before }) => {
    const messages = told.get(`${alertId}~${sequence}`) ?? NONE;
    const mayBegin = before === undefined || before.state === 'resolved' || before.state === 'removed';
    return !mayBegin && messages.some(({ key, threadTs }) => threadTs === undefined && !isListKey(key))
      ? [`${alertId}~${sequence}`]
      : [];
  });
}

/** How many messages tell what another one had told. */
export function repeatCount(run: ToldRun): number {
  return [...messagesOf(run).values()].reduce((sum, messages) => sum + messages.length - 1, 0);
}
