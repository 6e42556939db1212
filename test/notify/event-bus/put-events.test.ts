import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAlertHint } from '../../../lib/notify/event-bus/alert-hint.ts';
import { ALERTS_CHANGED_DETAIL_TYPE } from '../../../lib/notify/event-bus/event-names.ts';
import { ENTRY_BYTES_MAX, type EventEntry, entryBytes, putEvents } from '../../../lib/notify/event-bus/put-events.ts';
import { createFakeEventBus, type EntryFate } from './fake-event-bus.ts';

const AT = '2026-11-23T08:00:00.000Z';

function entryOf(number: number, length = 1): EventEntry {
  return { detailType: 'T', detail: JSON.stringify({ number, text: 'x'.repeat(length) }), at: AT };
}

function entriesOf(count: number): EventEntry[] {
  return Array.from({ length: count }, (_, index) => entryOf(index));
}

function numberOf({ Detail }: { readonly Detail: string }): number {
  return JSON.parse(Detail).number;
}

describe('putEvents', () => {
  it('sends each entry once, in requests of ten, with source, bus and time', async () => {
    const bus = createFakeEventBus(() => 'accepted');
    const failures = await putEvents(bus.ports, entriesOf(21));
    expect(failures).toEqual(Array.from({ length: 21 }, () => undefined));
    expect(bus.requests.map(({ length }) => length)).toEqual([10, 10, 1]);
    expect(bus.accepted.map(numberOf)).toEqual(Array.from({ length: 21 }, (_, index) => index));
    expect(bus.accepted[0]).toMatchObject({
      Source: 'elbowroom',
      DetailType: 'T',
      EventBusName: 'alerts',
      Time: Date.parse(AT) / 1000,
    });
    expect(bus.sleptMs).toEqual([]);
  });

  it('names no bus where the default one is meant', async () => {
    const bus = createFakeEventBus(() => 'accepted');
    await putEvents({ ...bus.ports, busName: undefined }, entriesOf(1));
    expect(bus.accepted[0]).not.toHaveProperty('EventBusName');
  });

  it('fills a request up to the size that every target takes, and not beyond', async () => {
    const bus = createFakeEventBus(() => 'accepted');
    const overhead = entryBytes(entryOf(0, 0));
    const half = entryOf(0, ENTRY_BYTES_MAX / 2 - overhead);
    expect(entryBytes(half) * 2).toBe(ENTRY_BYTES_MAX);
    await putEvents(bus.ports, [half, half]);
    await putEvents(bus.ports, [half, entryOf(0, ENTRY_BYTES_MAX / 2 - overhead + 1)]);
    expect(bus.requests.map(({ length }) => length)).toEqual([2, 1, 1]);
  });

  it('sends again alone what failed or was not mentioned, waiting longer each time', async () => {
    const bus = createFakeEventBus((entry, request): EntryFate => {
      const isBad = numberOf(entry) === 1 || numberOf(entry) === 3;
      return isBad && request <= 2 ? 'failed' : 'accepted';
    });
    expect(await putEvents(bus.ports, entriesOf(4))).toEqual([undefined, undefined, undefined, undefined]);
    expect(bus.requests.map((request) => request.map(numberOf))).toEqual([
      [0, 1, 2, 3],
      [1, 3],
      [1, 3],
    ]);
    expect(bus.sleptMs).toEqual([75, 150]);
    const silent = createFakeEventBus((_, request) => (request === 1 ? 'unmentioned' : 'accepted'));
    expect(await putEvents(silent.ports, entriesOf(1))).toEqual([undefined]);
    expect(silent.requests).toHaveLength(2);
  });

  it('gives up after four times, and says of which entry and why', async () => {
    const bus = createFakeEventBus((entry) => (numberOf(entry) === 1 ? 'failed' : 'accepted'));
    const failures = await putEvents(bus.ports, entriesOf(3));
    expect(failures.map((failure) => failure?.code)).toEqual([undefined, 'ThrottlingException', undefined]);
    expect(bus.requests).toHaveLength(4);
  });

  it('says of every entry of a request that failed that it was not accepted, and goes on with the next', async () => {
    const bus = createFakeEventBus((entry) => (numberOf(entry) < 10 ? 'not-reached' : 'accepted'));
    const failures = await putEvents(bus.ports, entriesOf(12));
    expect(failures.map((failure) => failure?.code)).toEqual([
      ...Array.from({ length: 10 }, () => 'AccessDeniedException'),
      undefined,
      undefined,
    ]);
    expect(failures[0]?.cause).toBeInstanceOf(Error);
    expect(bus.requests).toHaveLength(2);
  });

  it('says that an entry was accepted only where the bus has it, whatever fails', async () => {
    const fates = fc.array(fc.constantFrom<EntryFate>('accepted', 'failed', 'not-reached', 'answer-lost'), {
      minLength: 1,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 25 }), fates, async (count, drawn) => {
        let asked = 0;
        const bus = createFakeEventBus(() => {
          asked += 1;
          return drawn[asked % drawn.length] ?? 'accepted';
        });
        const failures = await putEvents(bus.ports, entriesOf(count));
        const taken = new Set(bus.accepted.map(numberOf));
        expect(failures).toHaveLength(count);
        expect(
          failures.flatMap((failure, index) => (failure === undefined && !taken.has(index) ? [index] : [])),
        ).toEqual([]);
      }),
    );
  });
});

describe('a hint', () => {
  const lost: string[] = [];
  const hintOf = (fate: EntryFate) => {
    const bus = createFakeEventBus(() => fate);
    const hint = createAlertHint({ ...bus.ports, now: () => AT, onLost: (code) => lost.push(code) });
    return { bus, hint };
  };

  it('is one small event', async () => {
    const { bus, hint } = hintOf('accepted');
    await hint();
    expect(bus.accepted).toMatchObject([{ DetailType: ALERTS_CHANGED_DETAIL_TYPE, Detail: '{}' }]);
    expect(lost).toEqual([]);
  });

  it.each(['failed', 'not-reached'] as const)('that is lost is told of, and nothing else: %s', async (fate) => {
    lost.length = 0;
    await hintOf(fate).hint();
    expect(lost).toEqual([fate === 'failed' ? 'ThrottlingException' : 'AccessDeniedException']);
  });
});
