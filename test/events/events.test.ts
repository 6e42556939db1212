import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as z from 'zod/mini';
import { ConfirmChannelMessage } from '../../events/confirm-channel.ts';
import { JudgeVpcMessage } from '../../events/judge-vpc.ts';
import { PlanScanMessage } from '../../events/plan-scan.ts';
import { PulseTargetMessage } from '../../events/pulse-target.ts';
import { RollUpFleetMessage } from '../../events/roll-up-fleet.ts';
import { ScanTargetMessage } from '../../events/scan-target.ts';
import { TellAlertsMessage } from '../../events/tell-alerts.ts';
import type {
  ConfirmChannel,
  JudgeVpc,
  PlanScan,
  PulseTarget,
  RollUpFleet,
  ScanTarget,
  TellAlerts,
} from '../../lib/audit/message-ports.ts';
import { scheduledSlot, slotText } from '../../lib/audit/slot.ts';
import { instantMs } from '../../lib/domain/instant.ts';
import { parseMessage } from '../../lib/wiring/parse-message.ts';

const EVENTS: readonly (readonly [string, z.ZodMiniType])[] = [
  ['plan-scan', PlanScanMessage],
  ['scan-target', ScanTargetMessage],
  ['pulse-target', PulseTargetMessage],
  ['judge-vpc', JudgeVpcMessage],
  ['roll-up-fleet', RollUpFleetMessage],
  ['tell-alerts', TellAlertsMessage],
  ['confirm-channel', ConfirmChannelMessage],
];

/** A place in an example, and the value there. */
interface Place {
  readonly path: readonly string[];
  readonly value: unknown;
}

const PLACES = EVENTS.flatMap(([name, schema]) =>
  placesOf(exampleOf(name)).map((place) => ({ name, schema, ...place, where: place.path.join('.') })),
);

describe('the messages between functions', () => {
  it('are those that the use cases take', () => {
    expectTypeOf<PlanScanMessage>().toExtend<PlanScan>();
    expectTypeOf<PlanScan>().toExtend<PlanScanMessage>();
    expectTypeOf<ScanTargetMessage>().toExtend<ScanTarget>();
    expectTypeOf<ScanTarget>().toExtend<ScanTargetMessage>();
    expectTypeOf<PulseTargetMessage>().toExtend<PulseTarget>();
    expectTypeOf<PulseTarget>().toExtend<PulseTargetMessage>();
    expectTypeOf<JudgeVpcMessage>().toExtend<JudgeVpc>();
    expectTypeOf<JudgeVpc>().toExtend<JudgeVpcMessage>();
    expectTypeOf<RollUpFleetMessage>().toExtend<RollUpFleet>();
    expectTypeOf<RollUpFleet>().toExtend<RollUpFleetMessage>();
    expectTypeOf<TellAlertsMessage>().toExtend<TellAlerts>();
    expectTypeOf<TellAlerts>().toExtend<TellAlertsMessage>();
    expectTypeOf<ConfirmChannelMessage>().toExtend<ConfirmChannel>();
    expectTypeOf<ConfirmChannel>().toExtend<ConfirmChannelMessage>();
  });

  it.each(EVENTS)('have an example that parses as it stands: %s', (name, schema) => {
    expect(parseMessage(schema, exampleOf(name))).toEqual({ ok: true, value: exampleOf(name) });
  });

  it.each(PLACES)('are refused without $where: $name', ({ name, schema, path, where }) => {
    const reason = reasonOf(schema, changed(exampleOf(name), path, undefined));
    expect(reason).toContain(`"${where}": it is absent, expected `);
  });

  it.each(PLACES)('are refused where $where is of another kind: $name', ({ name, schema, path, value, where }) => {
    for (const [wrong, text] of [
      [7, 'current value is 7'],
      ['', 'current value is ""'],
      ['x\u001b[2J', 'current value is "x\\u001b[2J"'],
      [null, 'it is empty'],
      [['x'], 'it is a list of 1'],
      [true, 'current value is true'],
    ] as const) {
      if (Array.isArray(wrong) && Array.isArray(value)) {
        continue;
      }
      expect(reasonOf(schema, changed(exampleOf(name), path, wrong))).toContain(`"${where}": ${text}, expected `);
    }
  });

  it.each(EVENTS)('are refused with a field that nobody knows, whose value is not shown: %s', (name, schema) => {
    const reason = reasonOf(schema, { ...exampleOf(name), token: 'secret' });
    expect(reason).toMatch(/^"token" is not known, expected one of \w+/);
    expect(reason).not.toContain('secret');
  });

  it.each(PLACES.filter(({ value }) => isMap(value)))(
    'are refused with an unknown field in $where: $name',
    ({ name, schema, path, value, where }) => {
      const wrong = changed(exampleOf(name), path, { ...Object(value), extra: 1 });
      expect(reasonOf(schema, wrong)).toMatch(`"${where}.extra" is not known, expected one of `);
    },
  );

  it.each(EVENTS)('are refused whole where they are no map: %s', (_, schema) => {
    for (const wrong of ['{}', 7, undefined, null, [exampleOf('scan-target')]]) {
      expect(reasonOf(schema, wrong)).toMatch(/^the message: .*, expected a map with \w+/);
    }
  });

  it('say where, what and what is wanted', () => {
    const example = exampleOf('scan-target');
    expect(reasonOf(ScanTargetMessage, changed(example, ['target', 'accountId'], '12345'))).toBe(
      '"target.accountId": current value is "12345", expected an account id: 12 digits as text',
    );
    expect(reasonOf(ScanTargetMessage, changed(example, ['slot', 'kind'], 'hour'))).toBe(
      '"slot.kind": current value is "hour", expected one of scan, pulse, request',
    );
    expect(reasonOf(ScanTargetMessage, {})).toBe(
      '"slot": it is absent, expected a map with kind, at; ' +
        '"target": it is absent, expected a map with accountId, region; ' +
        '"purpose": it is absent, expected one of observe, retire',
    );
  });

  it('name at most five things of a message with more', () => {
    const extras = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`extra${index}`, index]));
    const reason = reasonOf(RollUpFleetMessage, { ...exampleOf('roll-up-fleet'), ...extras });
    expect(reason.split('; ')).toHaveLength(6);
    expect(reason).toMatch(/; and 1 more$/);
  });
});

describe('the roll-up of the fleet', () => {
  it.each([1, 30, 397])('may be asked for %i days of history', (historyDays) => {
    const message = { ...exampleOf('roll-up-fleet'), historyDays };
    expect(parseMessage(RollUpFleetMessage, message)).toEqual({ ok: true, value: message });
  });

  it.each([0, 398, 1.5, '30', null])('is not asked for %j days of history', (historyDays) => {
    expect(reasonOf(RollUpFleetMessage, { ...exampleOf('roll-up-fleet'), historyDays })).toMatch(
      /^"historyDays": .*, expected a whole number of days from 1 to 397, or left out$/,
    );
  });
});

describe('the parts of messages', () => {
  it.each([
    [
      'target.accountId',
      ['111122223333', '000000000000'],
      ['11112222333', '1111222233334', '11112222333x', '１11122223333'],
    ],
    [
      'target.region',
      ['eu-central-1', 'us-gov-west-1', 'eusc-de-east-1'],
      ['eu-central', 'EU-central-1', `eu-${'a'.repeat(28)}-10`],
    ],
    [
      'slot.at',
      ['1970-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '2026-11-23T08:00:00.123456789Z'],
      [
        '1969-12-31T23:59:59Z',
        '2026-11-23T08:00:00+01:00',
        '2026-11-31T08:00:00Z',
        '2026-11-23T08:00:00.1234567890Z',
        '2026-11-23',
      ],
    ],
    ['slot.requestId', ['x', 'lent/444455556666/vpc-1', 'r'.repeat(128)], ['', 'r'.repeat(129), 'a b', 'a\nb', 'é']],
  ])('%s has both sides of its edges', (where, right, wrong) => {
    const example = {
      ...exampleOf('scan-target'),
      slot: { kind: 'request', at: '2026-11-23T08:00:00Z', requestId: 'r' },
    };
    for (const value of right) {
      expect(parseMessage(ScanTargetMessage, changed(example, where.split('.'), value)).ok, value).toBe(true);
    }
    for (const value of wrong) {
      expect(parseMessage(ScanTargetMessage, changed(example, where.split('.'), value)).ok, value).toBe(false);
    }
  });

  it.each([
    ['vpc-0', true],
    [`vpc-${'0'.repeat(64)}`, true],
    ['vpc-', false],
    [`vpc-${'0'.repeat(65)}`, false],
    ['subnet-0', false],
    ['vpc-0/..', false],
  ])('the VPC id %s is accepted: %s', (vpcId, isAccepted) => {
    expect(parseMessage(JudgeVpcMessage, changed(exampleOf('judge-vpc'), ['vpc', 'vpcId'], vpcId)).ok).toBe(isAccepted);
    const pulsed = changed(exampleOf('pulse-target'), ['vpcIds'], ['vpc-1', vpcId]);
    expect(parseMessage(PulseTargetMessage, pulsed).ok).toBe(isAccepted);
  });

  it('ask a request id of a request only', () => {
    const example = exampleOf('scan-target');
    expect(reasonOf(ScanTargetMessage, changed(example, ['slot', 'requestId'], 'r'))).toBe(
      '"slot.requestId" is not known, expected one of kind, at',
    );
    expect(reasonOf(ScanTargetMessage, changed(example, ['slot', 'kind'], 'request'))).toContain(
      '"slot.requestId": it is absent',
    );
  });

  it('let no moment through that has no slot', () => {
    const moments = fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.string(),
      fc.stringMatching(/^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(\.\d{0,4})?(Z|[+-]\d\d:\d\d)$/),
    );
    fc.assert(
      fc.property(moments, (scheduledAt) => {
        const parsed = parseMessage(PlanScanMessage, { kind: 'scan', scheduledAt, pulseScope: 'at-risk' });
        fc.pre(parsed.ok);
        const slot = scheduledSlot('scan', parsed.ok ? parsed.value.scheduledAt : '');
        expect(instantMs(slot.at)).toBeLessThanOrEqual(instantMs(scheduledAt) ?? Number.NaN);
        expect(slotText(slot)).toBe(`scan/${slot.at}`);
      }),
    );
  });
});

function exampleOf(name: string): object {
  return JSON.parse(readFileSync(new URL(`../../events/${name}.json`, import.meta.url), 'utf8'));
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every field of a message at any depth; what is in its lists apart. */
function placesOf(value: object, base: readonly string[] = []): Place[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = [...base, key];
    return [{ path, value: inner }, ...(isMap(inner) ? placesOf(inner, path) : [])];
  });
}

function changed(message: object, [first = '', ...rest]: readonly string[], value: unknown): object {
  const copy = new Map(Object.entries(message));
  const inner = rest.length === 0 ? value : changed(Object(copy.get(first)), rest, value);
  copy.set(first, inner);
  if (inner === undefined) {
    copy.delete(first);
  }
  return Object.fromEntries(copy);
}

function reasonOf(schema: z.ZodMiniType, message: unknown): string {
  const parsed = parseMessage(schema, message);
  return parsed.ok ? 'it parsed' : parsed.error;
}
