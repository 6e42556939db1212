import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { AuditProgress } from '../../lib/audit/audit-accounts.ts';
import type { Clock } from '../../lib/aws/clock.ts';
import { createProgressLine, progressText } from '../../lib/local/progress-line.ts';

const CLEAR = '\r\u001b[2K';
const STARTED: AuditProgress = { accountsExpected: 3, accountsEntered: 1, targetsExpected: 4, targetsFinished: 2 };
const ALL_ENTERED: AuditProgress = { ...STARTED, accountsEntered: 3, targetsExpected: 8 };

/** A stream that remembers what was written to it. */
function recorder(isTerminal: boolean) {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  return { written, stream: Object.assign(stream, { isTTY: isTerminal }) };
}

function clockAt(time: { nowMs: number }): Clock {
  return { now: () => time.nowMs, sleep: () => Promise.resolve() };
}

describe('the progress line', () => {
  it('writes nothing to a stream that is no terminal', () => {
    const { written, stream } = recorder(false);
    const line = createProgressLine(stream, clockAt({ nowMs: 0 }));
    line.update(STARTED);
    line.clear();
    expect(written).toEqual([]);
  });

  it('writes nothing to a pipe, which has no word on being a terminal', () => {
    const pipe = new PassThrough();
    const line = createProgressLine(pipe, clockAt({ nowMs: 0 }));
    line.update(STARTED);
    line.clear();
    expect(pipe.read()).toBeNull();
  });

  it('redraws itself in place, at most ten times a second', () => {
    const { written, stream } = recorder(true);
    const time = { nowMs: 1_000 };
    const line = createProgressLine(stream, clockAt(time));
    line.update({ ...STARTED, targetsFinished: 0 });
    time.nowMs = 1_099;
    line.update({ ...STARTED, targetsFinished: 1 });
    time.nowMs = 1_100;
    line.update(STARTED);
    expect(written).toEqual([
      `${CLEAR}1 of 3 accounts entered, 0 of 4 regions scanned`,
      `${CLEAR}1 of 3 accounts entered, 2 of 4 regions scanned`,
    ]);
  });

  it('is gone at the end', () => {
    const { written, stream } = recorder(true);
    const line = createProgressLine(stream, clockAt({ nowMs: 0 }));
    line.update(STARTED);
    line.clear();
    expect(written.at(-1)).toBe(CLEAR);
  });

  it('counts the time from its start', () => {
    const { written, stream } = recorder(true);
    const time = { nowMs: 5_000 };
    const line = createProgressLine(stream, clockAt(time));
    time.nowMs = 7_000;
    line.update(ALL_ENTERED);
    expect(written.at(-1)).toContain('about 6 s left');
  });
});

describe('what the progress line says', () => {
  it('has no time left until every account is entered', () => {
    expect(progressText({ ...ALL_ENTERED, accountsEntered: 2 }, 10_000)).not.toContain('left');
    expect(progressText(ALL_ENTERED, 10_000)).toContain('left');
  });

  it('has no time left until a region is finished', () => {
    expect(progressText({ ...ALL_ENTERED, targetsFinished: 0 }, 10_000)).not.toContain('left');
    expect(progressText({ ...ALL_ENTERED, targetsFinished: 1 }, 10_000)).toContain('left');
  });

  it.each([
    [20_000, 'about 1 min left'],
    [19_666, 'about 59 s left'],
    [40_001, 'about 3 min left'],
    [0, 'about 0 s left'],
  ])(
    'after %d ms with two of eight regions says the rest in seconds below a minute, else in minutes, rounded up',
    (elapsedMs, expected) => {
      expect(progressText(ALL_ENTERED, elapsedMs)).toBe(`3 of 3 accounts entered, 2 of 8 regions scanned, ${expected}`);
    },
  );

  it('is done where every region is finished', () => {
    expect(progressText({ ...ALL_ENTERED, targetsFinished: 8 }, 10_000)).toContain('about 0 s left');
  });
});
