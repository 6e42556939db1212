import { describe, expect, it } from 'vitest';
import { createFastClock } from '../../../lib/local/service/fast-clock.ts';
import { createMovableClock } from '../../../lib/local/service/movable-clock.ts';
import { createFakeClock, settle } from '../../aws/fake-clock.ts';

describe('createMovableClock', () => {
  it('stands still until it is moved, and goes back', async () => {
    const clock = createMovableClock(1_000);
    expect(clock.now()).toBe(1_000);
    clock.moveTo(5_000);
    clock.moveTo(2_000);
    expect(clock.now()).toBe(2_000);
  });

  it('wakes sleepers when their time has come, the earliest first', async () => {
    const clock = createMovableClock(0);
    const woken: string[] = [];
    void clock.sleep(200).then(() => woken.push('second'));
    void clock.sleep(100).then(() => woken.push('first'));
    void clock.sleep(301).then(() => woken.push('never'));
    clock.moveTo(99);
    await settle();
    expect(woken).toEqual([]);
    clock.moveTo(300);
    await settle();
    expect(woken).toEqual(['first', 'second']);
  });

  it('does not sleep for no time at all', async () => {
    await createMovableClock(0).sleep(0);
  });

  it('gives a sleep up when its signal fires', async () => {
    const clock = createMovableClock(0);
    const controller = new AbortController();
    const slept = clock.sleep(100, controller.signal);
    controller.abort(new Error('stop'));
    await expect(slept).rejects.toThrow('stop');
    await expect(clock.sleep(100, controller.signal)).rejects.toThrow('stop');
  });
});

describe('createFastClock', () => {
  it('begins ahead and passes time faster, asleep and awake', async () => {
    const clock = createFakeClock(1_000_000);
    const fast = createFastClock({ clock, aheadMs: 500, speed: 60 });
    expect(fast.now()).toBe(1_000_500);
    await clock.advance(1_000);
    expect(fast.now()).toBe(1_060_500);
    let isAwake = false;
    void fast.sleep(60_000).then(() => {
      isAwake = true;
    });
    await clock.advance(999);
    expect(isAwake).toBe(false);
    await clock.advance(1);
    expect(isAwake).toBe(true);
  });
});
