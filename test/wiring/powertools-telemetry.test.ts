import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPowertoolsTelemetry } from '../../lib/wiring/powertools-telemetry.ts';

const chunks: string[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 23, 8) });
  chunks.length = 0;
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => chunks.push(String(chunk)) > 0);
  }
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('the log of a function', () => {
  it('is lines of JSON that name the function and what is at hand', () => {
    const { log } = createPowertoolsTelemetry('scan-target');
    const ofMessage = log
      .with({ requestId: 'request-1', messageId: 'm1' })
      .with({ slot: 'scan/2026-11-23T08:00:00.000Z' });
    ofMessage.info('Handled a message', { summary: { vpcs: 2, reason: undefined } });
    ofMessage.warn('Left a message');
    log.error('Cannot handle a message', {
      error: Object.assign(new Error('no table'), { stack: 'Error: no table\n at x' }),
    });
    expect(chunks).toEqual([
      '{"level":"INFO","message":"Handled a message","timestamp":"2026-11-23T08:00:00.000Z","service":"elbowroom","sampling_rate":0,"function":"scan-target","requestId":"request-1","messageId":"m1","slot":"scan/2026-11-23T08:00:00.000Z","summary":{"vpcs":2}}\n',
      '{"level":"WARN","message":"Left a message","timestamp":"2026-11-23T08:00:00.000Z","service":"elbowroom","sampling_rate":0,"function":"scan-target","requestId":"request-1","messageId":"m1","slot":"scan/2026-11-23T08:00:00.000Z"}\n',
      '{"level":"ERROR","message":"Cannot handle a message","timestamp":"2026-11-23T08:00:00.000Z","service":"elbowroom","sampling_rate":0,"function":"scan-target","error":{"name":"Error","message":"no table","stack":"Error: no table\\n at x"}}\n',
    ]);
  });

  it('keeps hostile text on its line and readable', () => {
    const { log } = createPowertoolsTelemetry('scan-target');
    const hostile = 'x\n{"level":"INFO","message":"forged"}\r\u2028\u001b[2J\u009b\u202e';
    log.info(hostile, { reason: hostile, nested: { [hostile]: [hostile] } });
    expect(chunks).toHaveLength(1);
    expect(chunks[0]?.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(chunks[0] ?? '')).toMatchObject({
      level: 'INFO',
      reason: 'x\n{"level":"INFO","message":"forged"}\r\\u{2028}\u001b[2J\\u{9b}\\u{202e}',
    });
  });

  it('lets no field of a message take the place of its own', () => {
    const { log } = createPowertoolsTelemetry('scan-target');
    log.info('Handled a message', { level: 'ERROR', service: 'other', timestamp: 'never' });
    const line = chunks.map((chunk) => JSON.parse(chunk)).find(({ message }) => message === 'Handled a message');
    expect(line).toMatchObject({ level: 'INFO', service: 'elbowroom', timestamp: '2026-11-23T08:00:00.000Z' });
  });
});

describe('the metrics of a function', () => {
  it('are one line of the embedded metric format for each invocation of which something is charged', () => {
    const telemetry = createPowertoolsTelemetry('scan-target');
    telemetry.publish({ MessagesHandled: 2, TargetsFailed: 1, Duration: 1_500 });
    telemetry.publish({ MessagesHandled: 7, Duration: 3 });
    telemetry.publish({ TargetsFinished: 0 });
    const [first, second] = chunks.map((chunk) => JSON.parse(chunk));
    expect(chunks).toHaveLength(2);
    expect(first).toEqual({
      _aws: {
        Timestamp: Date.UTC(2026, 10, 23, 8),
        CloudWatchMetrics: [
          {
            Namespace: 'Elbowroom',
            Dimensions: [['service', 'function']],
            Metrics: [{ Name: 'TargetsFailed', Unit: 'Count' }],
          },
        ],
      },
      service: 'elbowroom',
      function: 'scan-target',
      MessagesHandled: '2',
      TargetsFailed: 1,
      Duration: '1500',
    });
    expect(second).toMatchObject({ TargetsFinished: 0 });
    expect(second).not.toHaveProperty('TargetsFailed');
    expect(second).not.toHaveProperty('MessagesHandled');
  });

  it('have the dimensions that they were published with, and the next ones have not', () => {
    const telemetry = createPowertoolsTelemetry('api');
    telemetry.publish({ RequestDuration: 12 }, { route: 'GET /v1/fleet', statusClass: '2xx' });
    telemetry.publish({ ColdStarts: 1 });
    const [first, second] = chunks.map((chunk) => JSON.parse(chunk));
    expect(first).toMatchObject({
      _aws: {
        CloudWatchMetrics: [
          {
            Dimensions: [['service', 'function', 'route', 'statusClass']],
            Metrics: [{ Name: 'RequestDuration', Unit: 'Milliseconds' }],
          },
        ],
      },
      function: 'api',
      route: 'GET /v1/fleet',
      statusClass: '2xx',
      RequestDuration: 12,
    });
    expect(second).toMatchObject({
      _aws: {
        CloudWatchMetrics: [
          { Dimensions: [['service', 'function']], Metrics: [{ Name: 'ColdStarts', Unit: 'Count' }] },
        ],
      },
      ColdStarts: 1,
    });
  });
});
