import { describe, expect, it } from 'vitest';
import { SAMPLE_MESSAGES } from '../../../lib/local/service/slack-samples.ts';
import { postToWebhook } from '../../../lib/notify/slack/post-to-webhook.ts';
import { createSlackClient, type Fetch, type FetchInit } from '../../../lib/notify/slack/slack-client.ts';
import { createVirtualClock } from './virtual-clock.ts';

interface Sent extends FetchInit {
  readonly url: string;
}

/** Answers each request with the next of these: a status, a body and headers; or not at all. */
function answering(...answers: readonly ([number, string, Record<string, string>?] | 'nothing' | 'broken')[]) {
  const sent: Sent[] = [];
  const fetch: Fetch = async (url, init) => {
    const next = answers[sent.length];
    sent.push({ url, ...init });
    if (next === 'nothing') {
      return new Promise((_, reject) => init.signal.addEventListener('abort', () => reject(new Error('aborted'))));
    }
    if (next === 'broken' || next === undefined) {
      throw new TypeError('fetch failed');
    }
    const [status, body, headers = {}] = next;
    return { status, headers: { get: (name) => headers[name] ?? null }, text: async () => body };
  };
  const clock = createVirtualClock(0);
  const client = createSlackClient({ fetch, clock, botToken: async () => 'xoxb-test' });
  return { client, clock, sent, fetch };
}

const POST = { channelId: 'C0', text: 'a', blocks: [], threadTs: undefined, isBroadcast: false, key: 'k' };

describe('a post', () => {
  it.each([
    [[200, '{"ok":true,"ts":"1.2","channel":"C0"}'], { state: 'done', value: { ts: '1.2', channelId: 'C0' } }],
    [[429, '', { 'retry-after': '7' }], { state: 'rate-limited', retryAfterMs: 7_000 }],
    [[429, ''], { state: 'rate-limited', retryAfterMs: 60_000 }],
    [[200, '{"ok":false,"error":"ratelimited"}'], { state: 'rate-limited', retryAfterMs: 60_000 }],
    [[200, '{"ok":false,"error":"channel_not_found"}'], { state: 'refused', error: 'channel_not_found' }],
    [[404, 'no_team'], { state: 'refused', error: 'no_team' }],
    [[200, '{"ok":false,"error":"internal_error"}'], { state: 'answer-lost', reason: 'internal_error' }],
    [[500, '{"ok":true,"ts":"1.2","channel":"C0"}'], { state: 'answer-lost', reason: 'HTTP 500' }],
    [[200, '<html>'], { state: 'answer-lost', reason: 'an answer that is not Slack’s' }],
    [[200, '{"ok":true}'], { state: 'answer-lost', reason: 'an answer without what it should have' }],
    ['broken', { state: 'answer-lost', reason: 'TypeError' }],
    ['nothing', { state: 'answer-lost', reason: 'no answer within 10 seconds' }],
  ] as const)('that is answered with %j comes to %j', async (answer, outcome) => {
    const { client, clock } = answering(answer === 'broken' || answer === 'nothing' ? answer : [...answer]);
    expect(await clock.run(client.post(POST))).toEqual(outcome);
    expect(clock.now()).toBe(answer === 'nothing' ? 10_000 : 0);
  });

  it('keeps Slack from reading more into it than it says, and carries its key', async () => {
    const { client, clock, sent } = answering([200, '{"ok":true,"ts":"1.2","channel":"C0"}']);
    await clock.run(client.post({ ...POST, threadTs: '1.1', isBroadcast: true }));
    expect(sent[0]?.url).toBe('https://slack.com/api/chat.postMessage');
    expect(sent[0]?.headers['authorization']).toBe('Bearer xoxb-test');
    expect(JSON.parse(String(sent[0]?.body))).toEqual({
      channel: 'C0',
      text: 'a',
      mrkdwn: false,
      parse: 'none',
      link_names: false,
      unfurl_links: false,
      unfurl_media: false,
      metadata: { event_type: 'elbowroom_notification', event_payload: { key: 'k' } },
      thread_ts: '1.1',
      reply_broadcast: true,
    });
  });
});

describe('a file', () => {
  const FILE = {
    channelId: 'C0',
    threadTs: '1.1',
    fileName: 'a.png',
    title: 'a',
    altText: 'b',
    bytes: new Uint8Array([1, 2]),
  };

  it('is asked a place for, sent there without the token, and then shared in its thread', async () => {
    const { client, clock, sent } = answering(
      [200, '{"ok":true,"upload_url":"https://files.example/up","file_id":"F1"}'],
      [200, 'OK - 2'],
      [200, '{"ok":true}'],
    );
    expect((await clock.run(client.upload(FILE))).state).toBe('done');
    expect(sent.map(({ url }) => url)).toEqual([
      'https://slack.com/api/files.getUploadURLExternal',
      'https://files.example/up',
      'https://slack.com/api/files.completeUploadExternal',
    ]);
    expect(sent[1]?.headers['authorization']).toBeUndefined();
    expect(JSON.parse(String(sent[2]?.body))).toEqual({
      files: [{ id: 'F1', title: 'a' }],
      channel_id: 'C0',
      thread_ts: '1.1',
    });
  });

  it('goes nowhere but by https', async () => {
    const { client, clock } = answering([200, '{"ok":true,"upload_url":"http://a","file_id":"F1"}']);
    expect(await clock.run(client.upload(FILE))).toEqual({ state: 'refused', error: 'upload_url_not_https' });
  });
});

describe('a webhook', () => {
  const WEBHOOK = 'https://hooks.slack.com/services/T0/B0/x';

  it('takes a message without the buttons that ask for something', async () => {
    const { clock, fetch, sent } = answering([200, 'ok']);
    const message = SAMPLE_MESSAGES['opened-exhaustion'] ?? { text: '', blocks: [] };
    expect((await clock.run(postToWebhook(WEBHOOK, message, { fetch, clock }))).state).toBe('done');
    expect(String(sent[0]?.body)).toContain('open-page');
    expect(String(sent[0]?.body)).not.toContain('acknowledge:');
  });

  it('is only one by https', async () => {
    const { clock, fetch } = answering();
    const outcome = await postToWebhook('http://hooks.slack.com/x', { text: 'a', blocks: [] }, { fetch, clock });
    expect(outcome).toEqual({ state: 'refused', error: 'webhook_not_https' });
  });
});
