import { describe, expect, it } from 'vitest';
import { createLocalTelemetry } from '../../../lib/local/service/local-telemetry.ts';

describe('createLocalTelemetry', () => {
  it('writes errors alone, each on a line of its own whatever they say', () => {
    const lines: string[] = [];
    const { log } = createLocalTelemetry((line) => lines.push(line));
    log.info('Handled a message');
    log.warn('Left a message');
    log.with({ reason: 'not a map' }).error('Refused a message');
    log.error('Cannot handle a message', { error: new TypeError('line one\nline two \u001b[2J') });
    log.error('Ended');
    expect(lines).toEqual([
      'Refused a message: "not a map"',
      'Cannot handle a message: "TypeError: line one\\nline two \\u001b[2J"',
      'Ended',
    ]);
  });
});
