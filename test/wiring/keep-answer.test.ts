import { describe, expect, it } from 'vitest';
import { keepAnswer } from '../../lib/wiring/keep-answer.ts';
import { createFakeClock } from '../aws/fake-clock.ts';

describe('an answer that is kept', () => {
  it('is asked for again once it is as old as it may be', async () => {
    const clock = createFakeClock();
    let asked = 0;
    const ask = keepAnswer(clock, 1_000, async () => {
      asked += 1;
      return asked;
    });
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    await clock.advance(999);
    expect(await ask()).toBe(1);
    await clock.advance(1);
    expect(await ask()).toBe(2);
  });

  it('is handed to the next question, a failure in between or not', async () => {
    const clock = createFakeClock();
    const asked: (number | undefined)[] = [];
    const ask = keepAnswer<number>(clock, 1_000, async (before) => {
      asked.push(before);
      if (asked.length === 2) {
        throw new Error('no table');
      }
      return asked.length;
    });
    await ask();
    await clock.advance(1_000);
    await expect(ask()).rejects.toThrow('no table');
    expect(await ask()).toBe(3);
    expect(asked).toEqual([undefined, 1, 1]);
  });

  it('is not a failure', async () => {
    let asked = 0;
    const ask = keepAnswer(createFakeClock(), 1_000, async () => {
      asked += 1;
      if (asked === 1) {
        throw new Error('no table');
      }
      return asked;
    });
    await expect(Promise.all([ask(), ask()])).rejects.toThrow('no table');
    expect(await ask()).toBe(2);
  });
});
