import { describe, expect, it } from 'vitest';
import { PlanScanMessage } from '../../events/plan-scan.ts';
import { RollUpFleetMessage } from '../../events/roll-up-fleet.ts';
import { scheduledFunction } from '../../lib/wiring/scheduled-function.ts';
import { createFakeClock } from '../aws/fake-clock.ts';
import { createRecordingTelemetry } from './recording-telemetry.ts';

const event = { kind: 'scan', scheduledAt: '2026-11-23T08:03:00Z', pulseScope: 'at-risk' };
const MINUTE_MS = 60_000;
const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => MINUTE_MS };

describe('a scheduled function', () => {
  it('runs the event and answers and logs its summary', async () => {
    const telemetry = createRecordingTelemetry();
    const clock = createFakeClock();
    const handler = scheduledFunction({
      name: 'plan-scan',
      schema: PlanScanMessage,
      telemetry,
      clock,
      run: async (message) => {
        await clock.advance(1_500);
        return { targets: 3, kind: message.kind };
      },
    });
    expect(await handler(event, context)).toEqual({ targets: 3, kind: 'scan' });
    expect(telemetry.lines).toEqual([
      {
        level: 'info',
        message: 'Handled an event',
        fields: {
          requestId: 'request-1',
          slot: 'scan/2026-11-23T08:00:00.000Z',
          summary: { targets: 3, kind: 'scan' },
        },
      },
    ]);
    expect(telemetry.published).toEqual([
      { MessagesHandled: 1, MessagesFailed: 0, MessagesRefused: 0, Duration: 1_500 },
    ]);
  });

  it('throws for an event that does not parse, and says why', async () => {
    const telemetry = createRecordingTelemetry();
    const handler = scheduledFunction({
      name: 'roll-up-fleet',
      schema: RollUpFleetMessage,
      telemetry,
      clock: createFakeClock(),
      run: async () => ({}),
    });
    const reason =
      '"scheduledAt": current value is "<aws.scheduler.scheduled-time>", expected a moment in UTC since 1970';
    const sent = { scheduledAt: '<aws.scheduler.scheduled-time>' };
    await expect(handler(sent, context)).rejects.toThrow(`Cannot read the event of roll-up-fleet: ${reason}`);
    expect(telemetry.lines).toMatchObject([
      { level: 'error', message: 'Refused an event', fields: { requestId: 'request-1' } },
    ]);
    expect(telemetry.published).toEqual([{ MessagesHandled: 0, MessagesFailed: 0, MessagesRefused: 1, Duration: 0 }]);
  });

  it('throws what its run throws', async () => {
    const telemetry = createRecordingTelemetry();
    const bug = new Error('no table');
    const handler = scheduledFunction({
      name: 'plan-scan',
      schema: PlanScanMessage,
      telemetry,
      clock: createFakeClock(),
      run: async () => Promise.reject(bug),
    });
    await expect(handler(event, context)).rejects.toBe(bug);
    expect(telemetry.lines).toMatchObject([
      {
        level: 'error',
        message: 'Cannot handle an event',
        fields: { slot: 'scan/2026-11-23T08:00:00.000Z', error: bug },
      },
    ]);
    expect(telemetry.published).toEqual([{ MessagesHandled: 0, MessagesFailed: 1, MessagesRefused: 0, Duration: 0 }]);
  });

  it.each([
    // A reserve of ten seconds, and at most a quarter of what there is.
    { remainingMs: 60_000, firesAfterMs: 50_000 },
    { remainingMs: 40_000, firesAfterMs: 30_000 },
    { remainingMs: 20_000, firesAfterMs: 15_000 },
  ])('ends its calls $firesAfterMs ms into $remainingMs ms, as a deadline', async ({ remainingMs, firesAfterMs }) => {
    const clock = createFakeClock();
    const seen: boolean[] = [];
    let reason: unknown;
    const handler = scheduledFunction({
      name: 'plan-scan',
      schema: PlanScanMessage,
      telemetry: createRecordingTelemetry(),
      clock,
      run: async (_, { signal }) => {
        await clock.advance(firesAfterMs - 1);
        seen.push(signal.aborted);
        await clock.advance(1);
        seen.push(signal.aborted);
        reason = signal.reason;
        return {};
      },
    });
    await handler(event, { ...context, getRemainingTimeInMillis: () => remainingMs });
    expect(seen).toEqual([false, true]);
    expect(reason).toMatchObject({ name: 'TimeoutError' });
  });

  it('lets go of its timer when it ends', async () => {
    const clock = createFakeClock();
    const handler = scheduledFunction({
      name: 'plan-scan',
      schema: PlanScanMessage,
      telemetry: createRecordingTelemetry(),
      clock,
      run: async () => ({ sleepers: clock.sleeperCount }),
    });
    expect(await handler(event, context)).toEqual({ sleepers: 1 });
    expect(clock.sleeperCount).toBe(0);
  });

  it('throws shortly before Lambda would kill it', async () => {
    const telemetry = createRecordingTelemetry();
    const handler = scheduledFunction({
      name: 'plan-scan',
      schema: PlanScanMessage,
      telemetry,
      clock: createFakeClock(),
      run: () => new Promise<object>(() => undefined),
    });
    const short = { ...context, getRemainingTimeInMillis: () => 1_020 };
    await expect(handler(event, short)).rejects.toThrow('Cannot end plan-scan: its time ran out');
    expect(telemetry.published).toEqual([{ MessagesHandled: 0, MessagesFailed: 1, MessagesRefused: 0, Duration: 0 }]);
  });
});
