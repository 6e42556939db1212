import { describe, expect, it } from 'vitest';
import { requestScan } from '../../lib/audit/request-scan.ts';
import { memoryDirectoryStore, memoryRunStore, recordingOutbox } from '../helpers/memory-stores.ts';

const TARGET = { accountId: '111122223333', region: 'eu-west-1' };
const NOW = '2026-11-23T09:00:00.000Z';

function world() {
  const account = {
    accountId: TARGET.accountId,
    name: 'payments',
    state: 'ACTIVE',
    organizationalUnitPaths: undefined,
  };
  const directory = memoryDirectoryStore({
    caller: undefined,
    accounts: [account],
    accountsObservedAt: NOW,
    regions: new Map(),
    targets: [TARGET],
  });
  return { directory, runs: memoryRunStore(), outbox: recordingOutbox(), now: () => NOW };
}

describe('a requested scan', () => {
  it('has its run kept before its message is sent', async () => {
    const ports = world();
    const outbox = { scanTargets: () => Promise.reject(new Error('No queue')) };
    await expect(requestScan({ target: TARGET, requestId: 'a' }, { ...ports, outbox })).rejects.toThrow('No queue');
    const slot = { kind: 'request', at: NOW, requestId: 'a' } as const;
    expect(await ports.runs.readRun(slot)).toMatchObject({ plan: { slot, targets: [TARGET] }, outcomes: [] });
    expect(await requestScan({ target: TARGET, requestId: 'a' }, ports)).toMatchObject({
      outcome: 'already-requested',
    });
    expect(ports.outbox.scans).toEqual([{ message: { slot, target: TARGET, purpose: 'observe' }, delayMs: 0 }]);
  });

  it('is the same run by the same id, whatever the time', async () => {
    const ports = world();
    const first = await requestScan({ target: TARGET, requestId: 'a' }, ports);
    const later = { ...ports, now: () => '2026-11-23T10:00:00.000Z' };
    const second = await requestScan({ target: TARGET, requestId: 'a' }, later);
    expect([first.outcome, second.outcome]).toEqual(['requested', 'already-requested']);
    expect(await requestScan({ target: TARGET, requestId: 'b' }, later)).toMatchObject({
      outcome: 'requested',
      run: { plan: { slot: { at: '2026-11-23T10:00:00.000Z', requestId: 'b' } } },
    });
    expect(await ports.runs.listRuns({ limit: 10 })).toHaveLength(2);
  });

  it.each([
    ['another region', { ...TARGET, region: 'us-east-1' }],
    ['another account', { ...TARGET, accountId: '444455556666' }],
  ])('of %s, which nobody scans, sends nothing', async (_, target) => {
    const ports = world();
    expect(await requestScan({ target, requestId: 'a' }, ports)).toEqual({ outcome: 'unknown-target' });
    expect([ports.outbox.scans, await ports.runs.listRuns({ limit: 10 })]).toEqual([[], []]);
  });
});
