import type { NotificationRecord, NotificationStore, PendingPost } from '../../audit/notification-ports.ts';
import type { Alert } from '../../domain/alert/alert.ts';
import { readRecord, updateRecord } from '../record-update.ts';
import type { Block, SlackMessage } from './block-kit.ts';
import type { ChannelPace } from './channel-pace.ts';
import { type FoundPost, findPosts } from './find-posts.ts';
import { type AlertCharts, followWithChart } from './follow-with-chart.ts';
import { markRepeated } from './mark-repeated.ts';
import { CALL_TIMEOUT_MS, type NotifyClock, type SlackClient } from './slack-client.ts';
import { unsurePosts } from './unsure-posts.ts';

/** One message, and all that it tells. */
export interface Post {
  /** The record whose thread it goes to, or begins. */
  readonly threadId: string;
  readonly channelId: string;
  /** What it tells: of an alert that has been told it already, nothing. */
  readonly told: readonly ToldSequence[];
  /** Returns the message that tells so much of it: as the first of its thread, or as a reply. */
  readonly messageOf: (told: readonly ToldSequence[], place: 'root' | 'reply') => SlackMessage;
  /** Names that message for ever, in its metadata. */
  readonly keyOf: (told: readonly ToldSequence[]) => string;
  /** What the thread's first message shows from then on; `undefined` leaves it as it is. */
  readonly root: SlackMessage | undefined;
  /** Whether a reply is shown in the channel as well. */
  readonly isBroadcast: boolean;
  /** Whether nothing more comes in this thread. */
  readonly isLast: boolean;
  /** The alert whose chart follows the text; `undefined` where none does. */
  readonly charted: Alert | undefined;
}

export interface ToldSequence {
  readonly recordId: string;
  readonly sequence: number;
}

export type PostOutcome =
  /** `isRepeated`: marked as possibly told before. */
  | { readonly state: 'told'; readonly isRepeated: boolean }
  | { readonly state: 'already-told' }
  /** Nothing can be done before. */
  | { readonly state: 'later'; readonly atMs: number; readonly reason: string }
  /** Slack does not take it, for example since the channel is gone. Nothing was told. */
  | { readonly state: 'refused'; readonly error: string };

export interface DeliveryPorts {
  readonly client: SlackClient;
  readonly store: NotificationStore;
  readonly clock: NotifyClock;
  readonly pace: ChannelPace;
  /** Absent where no charts are drawn. */
  readonly charts?: AlertCharts;
  /** At least 0, less than 1. */
  randomFraction(): number;
  /** A name that no other call, here or elsewhere, ever returns. */
  newClaimId(): string;
}

/** From a claim on a post has so long to be answered; after that nobody who holds the claim sends it any more. */
const CLAIM_MS = 2 * CALL_TIMEOUT_MS;
/** Each record that is told by the same post is claimed by a read and a write of its own. */
const CLAIM_PER_RECORD_MS = 100;
/** Slack shows a message in a channel's history some time after it took it; after so long it is there, or was not taken. */
export const HISTORY_SETTLED_MS = 60_000;
/** So long a history that cannot be read just now is asked for again, before the message is sent once more. Decided here. */
const HISTORY_PATIENCE_MS = 600_000;
const RETRY_MS = 10_000;
const JITTER_MS = 1_000;
/** Whoever delivers waits so long for its turn in a channel; after that somebody else may take the work. */
const TURN_WAIT_MAX_MS = 30_000;
/** Errors that a message without blocks does not have. https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const BLOCK_ERRORS: readonly string[] = ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long'];
/** The first message was deleted. */
const THREAD_ERRORS: readonly string[] = ['thread_not_found', 'message_not_found'];
const NO_BLOCKS: readonly Block[] = [];

/**
 * Tells something once. Whoever posts first claims it, so that of two only one does; a post whose answer was lost is looked for
 * after a minute, and what it was to tell is sent once more only where it is not there or that cannot be known: not always in the
 * same message, since others may have joined it. Any call may stop anywhere: the next one for the same thing finishes it.
 */
export async function deliverPost(post: Post, ports: DeliveryPorts): Promise<PostOutcome> {
  const settled = await settleAll(post, ports);
  if (settled.state === 'later') {
    return settled;
  }
  if (settled.open.length === 0) {
    return (await showRoot(post, ports)) ?? { state: 'already-told' };
  }
  const turn = ports.pace.take(post.channelId, TURN_WAIT_MAX_MS);
  if (!turn.isTaken) {
    return later(ports, turn.atMs, 'the channel takes a message a second');
  }
  await ports.clock.sleep(Math.max(0, turn.atMs - ports.clock.now()));
  return claimAndPost(post, settled, ports);
}

interface Settled {
  readonly state: 'settled';
  readonly open: readonly OpenSequence[];
}

/** Something that is not told yet. */
interface OpenSequence extends ToldSequence {
  /** Of the claim, if any, that came to nothing. */
  readonly lapsedClaimId: string | undefined;
  /** The posts that may have told it. */
  readonly unsure: readonly PendingPost[];
}

type Later = Extract<PostOutcome, { readonly state: 'later' }>;

/** Finds out what became of the posts that somebody claimed. */
async function settleAll(post: Post, ports: DeliveryPorts): Promise<Settled | Later> {
  const read: { readonly told: ToldSequence; readonly record: NotificationRecord }[] = [];
  for (const told of post.told) {
    read.push({ told, record: await readRecord(ports.store, told.recordId) });
  }
  const unsure = read.flatMap(({ record }) => unsurePosts(record));
  const readableFromMs =
    HISTORY_SETTLED_MS +
    unsure.reduce((lastMs, { sendBeforeMs }) => Math.max(lastMs, sendBeforeMs), Number.NEGATIVE_INFINITY);
  const nowMs = ports.clock.now();
  if (nowMs < readableFromMs) {
    return later(ports, readableFromMs, 'another post of it may be under way');
  }
  const findingOf = await findPosts(ports.client, unsure);
  const open: OpenSequence[] = [];
  for (const { told, record } of read) {
    const settled = await settle(record, findingOf, ports.store);
    if (settled.toldSequence < told.sequence) {
      open.push({ ...told, lapsedClaimId: record.pending?.claimId, unsure: unsurePosts(settled) });
    }
  }
  const isWorthAsking = open.some((one) => one.unsure.some((lost) => mayBeReadable(findingOf(lost))));
  return isWorthAsking && nowMs < readableFromMs + HISTORY_PATIENCE_MS
    ? later(ports, nowMs + RETRY_MS, 'the history of the channel cannot be read just now')
    : { state: 'settled', open };
}

function mayBeReadable(finding: FoundPost): boolean {
  return finding.state === 'unreadable' && !finding.isLasting;
}

/** Writes down the furthest that was told by what is there. Returns the record as it then is. */
async function settle(
  record: NotificationRecord,
  findingOf: (post: PendingPost) => FoundPost,
  store: NotificationStore,
): Promise<NotificationRecord> {
  const found = unsurePosts(record).flatMap((post) => {
    const finding = findingOf(post);
    return finding.state === 'found' ? [{ post, ts: finding.ts }] : [];
  });
  const [first] = found.toSorted((a, b) => b.post.sequence - a.post.sequence || (a.ts < b.ts ? -1 : 1));
  return first === undefined ? record : markTold(record.recordId, first.post, first.ts, store);
}

async function claimAndPost(post: Post, { open }: Settled, ports: DeliveryPorts): Promise<PostOutcome> {
  const thread = await readRecord(ports.store, post.threadId);
  const nowMs = ports.clock.now();
  const pending: Omit<PendingPost, 'sequence'> = {
    claimId: ports.newClaimId(),
    key: post.keyOf(open),
    threadId: post.threadId,
    channelId: post.channelId,
    threadTs: thread.channelId === post.channelId && !thread.isClosed ? thread.rootTs : undefined,
    claimedAtMs: nowMs,
    sendBeforeMs: nowMs + CLAIM_MS + open.length * CLAIM_PER_RECORD_MS,
  };
  const isClaimed = await claimAll(open, pending, ports.store);
  if (!isClaimed || ports.clock.now() + CALL_TIMEOUT_MS > pending.sendBeforeMs) {
    await releaseAll(open, pending, ports.store);
    return later(ports, ports.clock.now() + RETRY_MS, 'somebody else is telling it');
  }
  const isRepeated = open.some(({ unsure }) => unsure.length > 0);
  const plain = post.messageOf(open, pending.threadTs === undefined ? 'root' : 'reply');
  const message = isRepeated ? markRepeated(plain) : plain;
  return finish(post, { open, pending, message, isRepeated }, ports);
}

interface Attempt {
  readonly open: readonly OpenSequence[];
  readonly pending: Omit<PendingPost, 'sequence'>;
  readonly message: SlackMessage;
  readonly isRepeated: boolean;
}

async function finish(post: Post, attempt: Attempt, ports: DeliveryPorts): Promise<PostOutcome> {
  const { open, pending, message, isRepeated } = attempt;
  const outcome = await ports.client.post({
    ...message,
    channelId: pending.channelId,
    threadTs: pending.threadTs,
    isBroadcast: post.isBroadcast,
    key: pending.key,
  });
  switch (outcome.state) {
    case 'done': {
      for (const { recordId, sequence } of open) {
        await markTold(recordId, { ...pending, sequence }, outcome.value.ts, ports.store);
      }
      const behind = await showRoot(post, ports);
      if (post.charted !== undefined && ports.charts !== undefined) {
        const thread = { channelId: pending.channelId, threadTs: pending.threadTs ?? outcome.value.ts };
        await followWithChart(post.charted, thread, { client: ports.client, charts: ports.charts });
      }
      return behind ?? { state: 'told', isRepeated };
    }
    case 'rate-limited': {
      const atMs = ports.clock.now() + outcome.retryAfterMs;
      ports.pace.hold(pending.channelId, atMs);
      await releaseAll(open, pending, ports.store);
      return later(ports, atMs, 'Slack asked to wait');
    }
    case 'answer-lost':
      return later(ports, pending.sendBeforeMs + HISTORY_SETTLED_MS, `the answer was lost: ${outcome.reason}`);
    case 'refused':
      return refused(post, attempt, outcome.error, ports);
  }
}

/** Tries what may still work, since a transition that is told plainly is better than one that is lost. */
async function refused(post: Post, attempt: Attempt, error: string, ports: DeliveryPorts): Promise<PostOutcome> {
  const { open, pending, message } = attempt;
  if (BLOCK_ERRORS.includes(error) && message.blocks.length > 0) {
    if (ports.clock.now() + CALL_TIMEOUT_MS <= pending.sendBeforeMs) {
      return finish(post, { ...attempt, message: { ...message, blocks: NO_BLOCKS } }, ports);
    }
  }
  await releaseAll(open, pending, ports.store);
  if (THREAD_ERRORS.includes(error) && pending.threadTs !== undefined) {
    await updateRecord(ports.store, post.threadId, (record) =>
      record.rootTs === pending.threadTs ? { ...record, rootTs: undefined } : undefined,
    );
    return later(ports, ports.clock.now(), 'the first message of the thread is gone');
  }
  return { state: 'refused', error };
}

/** Claims everything for one post, or tells that somebody else has a claim or has told it. */
async function claimAll(
  open: readonly OpenSequence[],
  pending: Omit<PendingPost, 'sequence'>,
  store: NotificationStore,
): Promise<boolean> {
  for (const { recordId, sequence, lapsedClaimId } of open) {
    const record = await updateRecord(store, recordId, (before) => {
      const isFree = before.pending === undefined || before.pending.claimId === lapsedClaimId;
      return isFree && before.toldSequence < sequence
        ? { ...before, pending: { ...pending, sequence }, lapsed: unsurePosts(before) }
        : undefined;
    });
    if (record.pending?.claimId !== pending.claimId) {
      return false;
    }
  }
  return true;
}

/** Gives back claims on what was certainly not posted. What lapsed before is looked for once more. */
async function releaseAll(
  open: readonly OpenSequence[],
  { claimId }: Omit<PendingPost, 'sequence'>,
  store: NotificationStore,
): Promise<void> {
  for (const { recordId } of open) {
    await updateRecord(store, recordId, (record) =>
      record.pending?.claimId === claimId ? { ...record, pending: undefined } : undefined,
    );
  }
}

/** Writes down that a post was done: first where its thread is, so that what follows finds it. */
async function markTold(
  recordId: string,
  pending: PendingPost,
  ts: string,
  store: NotificationStore,
): Promise<NotificationRecord> {
  const rootTs = pending.threadTs ?? ts;
  const isListed = pending.threadId !== recordId;
  if (isListed) {
    await updateRecord(store, pending.threadId, (thread) =>
      thread.channelId === pending.channelId && thread.rootTs !== undefined
        ? undefined
        : { ...thread, channelId: pending.channelId, rootTs },
    );
  }
  return updateRecord(store, recordId, (record) => {
    if (record.toldSequence >= pending.sequence) {
      return undefined;
    }
    // A post that was to tell more may still be under way.
    const isStillOpen = ({ sequence }: PendingPost) => sequence > pending.sequence;
    return {
      ...record,
      channelId: pending.channelId,
      rootTs,
      // A reply leaves the thread as it was: one that several alerts share stays so.
      isRootShared: isListed || (pending.threadTs !== undefined && record.isRootShared),
      toldSequence: pending.sequence,
      // A message that begins a thread shows its own state.
      shownSequence: pending.threadTs === undefined ? pending.sequence : record.shownSequence,
      isClosed: false,
      pending: record.pending !== undefined && isStillOpen(record.pending) ? record.pending : undefined,
      lapsed: record.lapsed.filter(isStillOpen),
    };
  });
}

/** Lets the first message show the state that was told last, and closes the thread where nothing more comes. */
async function showRoot(post: Post, ports: DeliveryPorts): Promise<Later | undefined> {
  const { client, store, clock } = ports;
  const record = await readRecord(store, post.threadId);
  const [own] = post.told.filter(({ recordId }) => recordId === post.threadId);
  if (own === undefined || record.toldSequence !== own.sequence) {
    return undefined;
  }
  const { rootTs, channelId } = record;
  const isBehind = record.shownSequence < own.sequence && !record.isRootShared;
  if (isBehind && post.root !== undefined && rootTs !== undefined && channelId !== undefined) {
    const outcome = await client.update({ ...post.root, channelId, ts: rootTs, key: post.keyOf([own]) });
    if (outcome.state === 'answer-lost' || outcome.state === 'rate-limited') {
      const waitMs = outcome.state === 'rate-limited' ? outcome.retryAfterMs : RETRY_MS;
      return later(ports, clock.now() + waitMs, 'the first message still shows an older state');
    }
  }
  await updateRecord(store, post.threadId, (before) =>
    before.toldSequence === own.sequence && (isBehind || before.isClosed !== post.isLast)
      ? { ...before, shownSequence: own.sequence, isClosed: post.isLast }
      : undefined,
  );
  return undefined;
}

function later({ randomFraction }: Pick<DeliveryPorts, 'randomFraction'>, atMs: number, reason: string): Later {
  return { state: 'later', atMs: atMs + Math.floor(JITTER_MS * randomFraction()), reason };
}
