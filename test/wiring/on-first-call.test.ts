import { describe, expect, it } from 'vitest';
import { onFirstCall } from '../../lib/wiring/on-first-call.ts';

const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 60_000 };

describe('a handler that is built on its first call', () => {
  it('is built once, and not before', async () => {
    let builds = 0;
    const handler = onFirstCall(async () => {
      builds += 1;
      return async (event: unknown, { awsRequestId }) => ({ event, awsRequestId });
    });
    expect(builds).toBe(0);
    expect(await Promise.all([handler(1, context), handler(2, context)])).toEqual([
      { event: 1, awsRequestId: 'request-1' },
      { event: 2, awsRequestId: 'request-1' },
    ]);
    expect(builds).toBe(1);
  });

  it('is built again by the next call after a build that failed', async () => {
    let builds = 0;
    const handler = onFirstCall(async () => {
      builds += 1;
      if (builds === 1) {
        throw new Error('Cannot start: TABLE_NAME is not set');
      }
      return async () => builds;
    });
    await expect(handler({}, context)).rejects.toThrow('TABLE_NAME is not set');
    expect(await handler({}, context)).toBe(2);
  });
});
