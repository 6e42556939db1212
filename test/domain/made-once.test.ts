import { describe, expect, it } from 'vitest';
import { madeOnce } from '../../lib/domain/made-once.ts';

describe('what is made once', () => {
  it.each([[undefined], [{ a: 1 }]])('is %o, made when it is asked for first and then known', (value) => {
    let madeCount = 0;
    const get = madeOnce(() => {
      madeCount += 1;
      return value;
    });
    expect(madeCount).toBe(0);
    expect([get(), get()]).toEqual([value, value]);
    expect(madeCount).toBe(1);
  });

  it('is made again by who asks next where making it threw', () => {
    let attempts = 0;
    const failing = madeOnce(() => {
      attempts += 1;
      if (attempts === 1) {
        throw new Error('not yet');
      }
      return attempts;
    });
    expect(failing).toThrow('not yet');
    expect(failing()).toBe(2);
  });
});
