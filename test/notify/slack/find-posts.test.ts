import { describe, expect, it } from 'vitest';
import { findPosts } from '../../../lib/notify/slack/find-posts.ts';
import type { HistoryInput, HistoryPage, SlackClient, SlackOutcome } from '../../../lib/notify/slack/slack-client.ts';
import { aPost } from './a-post.ts';

/** As it is decided there. */
const SKEW_MS = 300_000;
const PAGES_MAX = 50;
const unasked = () => Promise.reject(new Error('nobody asks for this'));

/** A Slack that is asked for history alone, and what it was asked. */
function aHistory(answer: (input: HistoryInput) => SlackOutcome<HistoryPage>) {
  const asked: HistoryInput[] = [];
  const client: SlackClient = {
    post: unasked,
    update: unasked,
    upload: unasked,
    async history(input) {
      asked.push(input);
      return answer(input);
    },
  };
  return { asked, client };
}

function aPage(messages: HistoryPage['messages'], nextCursor?: string): SlackOutcome<HistoryPage> {
  return { state: 'done', value: { messages, nextCursor } };
}

describe('posts', () => {
  it('are found by their keys in one look at their place, since the earliest of them was claimed', async () => {
    const { asked, client } = aHistory(() => aPage([{ ts: '5.000001', key: 'b' }]));
    const [first, second] = [aPost({ key: 'a' }), aPost({ key: 'b', claimedAtMs: 2_000_000 })];
    const findingOf = await findPosts(client, [second, first]);
    expect([findingOf(first), findingOf(second)]).toEqual([{ state: 'absent' }, { state: 'found', ts: '5.000001' }]);
    expect(asked.map(({ oldestMs }) => oldestMs)).toEqual([first.claimedAtMs - SKEW_MS]);
  });

  it('that are there twice are found at the earlier, whatever page that is on', async () => {
    const { client } = aHistory(({ cursor }) =>
      cursor === undefined
        ? aPage(
            [
              { ts: '7.000003', key: 'k' },
              { ts: '5.000001', key: 'k' },
            ],
            'next',
          )
        : aPage([
            { ts: '6.000002', key: 'k' },
            { ts: '4.000000', key: undefined },
          ]),
    );
    expect((await findPosts(client, [aPost()]))(aPost())).toEqual({ state: 'found', ts: '5.000001' });
  });

  it('are each looked for where they went, though another place cannot be read', async () => {
    const { asked, client } = aHistory(({ channelId, threadTs }) =>
      channelId === 'C1'
        ? { state: 'answer-lost', reason: 'x' }
        : threadTs === undefined
          ? aPage([{ ts: '5.000001', key: 'k' }])
          : { state: 'refused', error: 'thread_not_found' },
    );
    const [here, there, reply] = [aPost(), aPost({ channelId: 'C1' }), aPost({ threadTs: '1.2' })];
    const findingOf = await findPosts(client, [here, there, reply]);
    expect([here, there, reply].map(findingOf)).toEqual([
      { state: 'found', ts: '5.000001' },
      { state: 'unreadable', isLasting: false },
      { state: 'absent' },
    ]);
    expect(asked).toHaveLength(3);
  });

  it('cannot be found where history is refused, or has no end', async () => {
    const refusing = aHistory(() => ({ state: 'refused', error: 'missing_scope' })).client;
    const endless = aHistory(() => aPage([], 'next'));
    for (const client of [refusing, endless.client]) {
      expect((await findPosts(client, [aPost()]))(aPost())).toEqual({ state: 'unreadable', isLasting: true });
    }
    expect(endless.asked).toHaveLength(PAGES_MAX);
  });

  it('that nobody has to look for are not asked for', async () => {
    const { asked, client } = aHistory(() => aPage([]));
    await findPosts(client, []);
    expect(asked).toEqual([]);
  });
});
