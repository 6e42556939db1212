import { describe, expect, it } from 'vitest';
import { newRecord } from '../../../lib/notify/record-update.ts';
import { UNSURE_MAX, unsurePosts } from '../../../lib/notify/slack/unsure-posts.ts';
import { aPost } from './a-post.ts';

const RECORD = newRecord('exhaustion.1');

describe('posts that may have told what comes next', () => {
  it('are those that lapsed and the one that is pending, the newest last', () => {
    const [first, second] = [aPost({ key: 'a' }), aPost({ key: 'b' })];
    expect(unsurePosts(RECORD)).toEqual([]);
    expect(unsurePosts({ ...RECORD, pending: second, lapsed: [first] })).toEqual([first, second]);
  });

  it('are one where the same message was sent again: from the first claim to the end of the last', () => {
    const first = aPost({ claimId: 'first', claimedAtMs: 1, sendBeforeMs: 2 });
    const other = aPost({ key: 'other' });
    const again = aPost({ claimId: 'again', claimedAtMs: 3, sendBeforeMs: 4 });
    expect(unsurePosts({ ...RECORD, pending: again, lapsed: [first, other] })).toEqual([
      other,
      { ...again, claimedAtMs: 1 },
    ]);
  });

  it('are several where the same went to another channel or thread', () => {
    const lapsed = [aPost(), aPost({ channelId: 'C1' }), aPost({ threadTs: '1.2' })];
    expect(unsurePosts({ ...RECORD, lapsed })).toEqual(lapsed);
  });

  it('are not those of what is told', () => {
    const posts = [aPost({ key: 'a', sequence: 2 }), aPost({ key: 'b', sequence: 3 })];
    expect(unsurePosts({ ...RECORD, toldSequence: 2, lapsed: posts })).toEqual(posts.slice(1));
  });

  it('are the newest, where they are too many', () => {
    const lapsed = Array.from({ length: UNSURE_MAX }, (_, index) => aPost({ key: String(index) }));
    expect(unsurePosts({ ...RECORD, lapsed })).toEqual(lapsed);
    const pending = aPost();
    expect(unsurePosts({ ...RECORD, lapsed, pending })).toEqual([...lapsed.slice(1), pending]);
  });
});
