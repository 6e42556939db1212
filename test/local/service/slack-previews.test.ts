import { describe, expect, it } from 'vitest';
import { createSlackPreviews } from '../../../lib/local/service/slack-previews.ts';
import type { SlackMessage } from '../../../lib/notify/slack/block-kit.ts';
import type { PostInput } from '../../../lib/notify/slack/slack-client.ts';

const NOW_MS = Date.parse('2026-11-23T08:00:00.000Z');
const MS_PER_HOUR = 3_600_000;

function aMessage(text: string): SlackMessage {
  return { text, blocks: [] };
}

function aPost(text: string, overrides: Partial<PostInput> = {}): PostInput {
  return { ...aMessage(text), channelId: '#a', threadTs: undefined, isBroadcast: false, key: text, ...overrides };
}

function aSlack(threadsMax = 10) {
  let nowMs = NOW_MS;
  const previews = createSlackPreviews({ now: () => nowMs, threadsMax });
  const post = async (input: PostInput): Promise<string> => {
    const outcome = await previews.client.post(input);
    if (outcome.state !== 'done') {
      throw new Error(outcome.state);
    }
    return outcome.value.ts;
  };
  return {
    ...previews,
    post,
    wait: (hours: number) => {
      nowMs += hours * MS_PER_HOUR;
    },
  };
}

describe('previews of Slack', () => {
  it('keep each thread with its replies, the newest thread first', async () => {
    const { post, wait, threads } = aSlack();
    const first = await post(aPost('runs out'));
    wait(1);
    await post(aPost('another', { channelId: '#b' }));
    wait(1);
    await post(aPost('worse', { threadTs: first, isBroadcast: true }));
    expect(threads()).toEqual([
      { channelId: '#b', sentAt: '2026-11-23T09:00:00.000Z', message: aMessage('another'), replies: [] },
      {
        channelId: '#a',
        sentAt: '2026-11-23T08:00:00.000Z',
        message: aMessage('runs out'),
        replies: [{ sentAt: '2026-11-23T10:00:00.000Z', message: aMessage('worse'), isBroadcast: true }],
      },
    ]);
  });

  it('show the newest state in the first message', async () => {
    const { client, post, threads } = aSlack();
    const ts = await post(aPost('open'));
    expect(await client.update({ ...aMessage('resolved'), channelId: '#a', ts, key: 'k' })).toMatchObject({
      state: 'done',
    });
    expect(threads().map(({ message }) => message.text)).toEqual(['resolved']);
  });

  it('keep a picture as a reply', async () => {
    const { client, post, threads } = aSlack();
    const threadTs = await post(aPost('runs out'));
    const picture = {
      fileName: 'a.png',
      title: 'Room',
      altText: 'It falls',
      bytes: new TextEncoder().encode('<svg/>'),
    };
    expect(await client.upload({ ...picture, channelId: '#a', threadTs })).toMatchObject({ state: 'done' });
    expect(threads()[0]?.replies).toMatchObject([
      { message: { text: 'Room' }, chart: { svg: '<svg/>', altText: 'It falls' } },
    ]);
  });

  it('name every message differently, at the same moment too', async () => {
    const { post } = aSlack();
    const names = [await post(aPost('a')), await post(aPost('b'))];
    expect(new Set(names).size).toBe(2);
    expect(names.toSorted()).toEqual(names);
  });

  it('forget the oldest threads, and answer for them as Slack does for what was deleted', async () => {
    const { client, post, threads } = aSlack(2);
    const oldest = await post(aPost('1'));
    const kept = await post(aPost('2'));
    await post(aPost('3'));
    expect(threads().map(({ message }) => message.text)).toEqual(['3', '2']);
    const refused = (error: string) => ({ state: 'refused', error });
    expect(await client.post(aPost('4', { threadTs: oldest }))).toEqual(refused('thread_not_found'));
    const picture = { fileName: 'a.png', title: 'Room', altText: '', bytes: new Uint8Array() };
    const upload = { ...picture, channelId: '#a', threadTs: oldest };
    expect(await client.upload(upload)).toEqual(refused('thread_not_found'));
    const update = { ...aMessage('5'), channelId: '#a', key: 'k' };
    expect(await client.update({ ...update, ts: oldest })).toEqual(refused('message_not_found'));
    expect(await client.update({ ...update, channelId: '#other', ts: kept })).toEqual(refused('message_not_found'));
  });
});
