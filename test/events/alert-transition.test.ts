import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { AlertTransitionDetail } from '../../events/alert-transition.ts';
import { ALERT_KINDS, type Alert } from '../../lib/domain/alert/alert.ts';
import { eventsDocument } from '../../lib/local/events-document.ts';
import { ENTRY_BYTES_MAX, entryBytes } from '../../lib/notify/event-bus/put-events.ts';
import { type TransitionDetail, transitionDetail } from '../../lib/notify/event-bus/transition-detail.ts';
import { transitionEntry } from '../../lib/notify/event-bus/transition-publisher.ts';
import { anAlert } from '../domain/alert/an-alert.ts';
import { anEscalation } from '../notify/event-bus/an-escalation.ts';

const SETTING = { alertUrl: (alertId: string) => `https://elbowroom.example.com/alerts/${alertId}`, listedMax: 100 };

/** An alert whose every list is of one length, and whose every foreign text is the same. */
function crowdedAlert(text: string, length: number): Alert {
  const many = <T>(itemOf: (index: number) => T) => Array.from({ length }, (_, index) => itemOf(index));
  const [reason] = anAlert().what.reasons;
  return anAlert({
    subject: { kind: 'cluster', clusterId: text, clusterName: text },
    acknowledged: { by: text, at: '2026-11-23T08:00:00.000Z' },
    where: {
      accountName: text,
      accountIds: many((index) => String(index).padStart(12, '0')),
      vpcName: text,
      team: text,
      zones: many(() => ({ availabilityZone: text, availabilityZoneId: text })),
      clusters: many(() => ({ clusterId: text, clusterName: text })),
      subnets: many(() => ({ subnetId: text, name: text, cidrBlock: text })),
      tags: many((index) => [`${index}${text}`, text] as const),
    },
    what: {
      reasons: reason === undefined ? [] : many(() => ({ ...reason, resourceId: text, text })),
      drivers: many(() => ({ kind: 'holder' as const, resourceId: text, text })),
      change: { kind: 'add-subnet', text },
      cause: text,
    },
  });
}

function publishedOf(alert: Alert, isSilenced = false) {
  return { transition: anEscalation(alert), isSilenced };
}

describe('the event of a transition', () => {
  it('is what its contract says', () => {
    expectTypeOf<AlertTransitionDetail>().toExtend<TransitionDetail>();
    expectTypeOf<keyof AlertTransitionDetail>().toEqualTypeOf<keyof TransitionDetail>();
    expectTypeOf<keyof AlertTransitionDetail['alert']>().toEqualTypeOf<keyof TransitionDetail['alert']>();
  });

  it('has an example that is what is sent of it', () => {
    const example = readFileSync(new URL('../../events/alert-transition.json', import.meta.url), 'utf8');
    const detail = transitionDetail({ transition: anEscalation(), isSilenced: false }, SETTING);
    expect(JSON.parse(example)).toEqual(detail);
  });

  it('is documented as it is: run "npm run generate" where docs/events.md differs', () => {
    expect(readFileSync('docs/events.md', 'utf8')).toBe(eventsDocument());
    for (const kind of ALERT_KINDS) {
      expect(eventsDocument()).toContain(`\`${kind}\``);
    }
  });

  it('says of alerts of accounts what there is to say, and null for the rest', () => {
    const alert = anAlert({
      subject: { kind: 'target', target: { accountId: '111122223333', region: 'eu-west-1' } },
      snoozed: { by: 'ana', at: '2026-11-23T08:00:00.000Z', until: '2026-11-24T08:00:00.000Z' },
      mergedInto: 'x',
      where: { accountName: undefined, region: undefined, vpcId: undefined, vpcName: undefined, team: undefined },
    });
    const detail = transitionDetail(
      { transition: { ...anEscalation(alert), before: undefined }, isSilenced: true },
      { alertUrl: () => undefined, listedMax: 1 },
    );
    expect(AlertTransitionDetail.parse(detail)).toEqual(detail);
    expect(detail).toMatchObject({
      before: null,
      url: null,
      isSilenced: true,
      isComplete: true,
      alert: {
        subject: { kind: 'target', id: '111122223333:eu-west-1' },
        accountName: null,
        region: null,
        team: null,
        forecast: null,
        change: null,
        acknowledged: null,
        snoozed: { by: 'ana' },
        mergedInto: 'x',
      },
    });
  });

  it('lists the values of a tag by its key, as a rule can match them', () => {
    const tags = [
      ['env', 'prod'],
      ['env', 'dev'],
      ['__proto__', 'x'],
    ] as const;
    const { detail } = transitionEntry(publishedOf(anAlert({ where: { tags } })), SETTING.alertUrl);
    expect(JSON.parse(detail).alert.tags).toEqual(JSON.parse('{"env":["prod","dev"],"__proto__":["x"]}'));
  });

  it('tells as many items of each list as it has room for, and whether that is all', () => {
    const whole = JSON.parse(transitionEntry(publishedOf(crowdedAlert('prod', 100)), SETTING.alertUrl).detail);
    expect([whole.isComplete, whole.alert.subnets.length]).toEqual([true, 100]);
    const cut = JSON.parse(transitionEntry(publishedOf(crowdedAlert('prod', 101)), SETTING.alertUrl).detail);
    expect([cut.isComplete, cut.alert.subnets.length, cut.alert.reasons.length]).toEqual([false, 100, 100]);
  });

  it.each([
    ['characters of four bytes', '😀'.repeat(2_000)],
    ['what JSON escapes', '"'.repeat(2_000)],
    ['control characters', '\u0000'.repeat(2_000)],
    ['half characters', '\ud800'.repeat(2_000)],
  ])('fits the bus even where every name is the longest, of %s', (_, text) => {
    const entry = transitionEntry(publishedOf(crowdedAlert(text, 200)), SETTING.alertUrl);
    expect(entryBytes(entry)).toBeLessThanOrEqual(ENTRY_BYTES_MAX);
    expect(JSON.parse(entry.detail)).toMatchObject({ isComplete: false, alert: { subnets: { length: 10 } } });
    expect(AlertTransitionDetail.safeParse(JSON.parse(entry.detail)).success).toBe(true);
  });

  it('keeps its contract whatever names hold, with nothing unseen in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.nat({ max: 12 }), (text, length) => {
        const { detail } = transitionEntry(publishedOf(crowdedAlert(text, length)), SETTING.alertUrl);
        expect(AlertTransitionDetail.parse(JSON.parse(detail))).toEqual(JSON.parse(detail));
        expect(detail).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]|\\u00[01]/u);
      }),
      { numRuns: 30 },
    );
  });
});
