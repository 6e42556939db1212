import { describe, expect, it } from 'vitest';
import { err, ok } from '../../lib/domain/result.ts';
import { askOnce } from '../../lib/wiring/ask-once.ts';

const CALLER = { accountId: '111122223333', partition: 'aws' };
const FAILURE = {
  action: 'sts:GetCallerIdentity',
  code: 'throttled',
  message: 'Slow down',
  awsErrorName: undefined,
} as const;

describe('a caller that is asked for once', () => {
  it('is asked for again after a failure, and never after an answer', async () => {
    const answers = [err(FAILURE), ok(CALLER), ok({ ...CALLER, accountId: '999999999999' })];
    let askedCount = 0;
    const ask = askOnce(() => {
      const answer = answers[askedCount] ?? err(FAILURE);
      askedCount += 1;
      return Promise.resolve(answer);
    });
    const { signal } = new AbortController();
    expect(await ask(signal)).toEqual(err(FAILURE));
    expect(await ask(signal)).toEqual(ok(CALLER));
    expect(await ask(signal)).toEqual(ok(CALLER));
    expect(askedCount).toBe(2);
  });
});
