import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALERT_KINDS, type Alert } from '../../../lib/domain/alert/alert.ts';
import type { AlertNotification } from '../../../lib/domain/alert/alert-notification.ts';
import { stepOf } from '../../../lib/domain/alert/alert-step.ts';
import { aTransition, SAMPLE_ALERTS, SETTING } from '../../../lib/local/service/slack-samples.ts';
import { mailSubject, mailText } from '../../../lib/notify/email/mail-text.ts';
import { notificationMail } from '../../../lib/notify/email/notification-mail.ts';
import { anAlert, aPending } from '../../domain/alert/an-alert.ts';
import { expectGolden } from '../../helpers/golden.ts';
import { anEscalation } from '../event-bus/an-escalation.ts';

/** SNS's own words: begins with a letter, digit or punctuation mark, no control characters, less than 100 characters. */
const SUBJECT_OF_SNS = /^[!-~][ -~]{0,98}$/;
/** Of a message. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const MESSAGE_BYTES_MAX = 262_144;

function alone(alert: Alert): AlertNotification {
  return { kind: 'alert', ...aPending(alert) };
}

function foldOf(alerts: readonly Alert[], cause?: string): AlertNotification {
  return {
    kind: 'fold',
    foldId: 'fold',
    alertKind: alerts[0]?.kind ?? 'exhaustion',
    type: 'opened',
    cause,
    since: '2026-11-23T08:00:00.000Z',
    alerts: alerts.map(aPending),
  };
}

const OPENING = aPending(anAlert()).transitions[0];
const RESOLVED = stepOf(anAlert({ sequence: 2 }), 'resolved', '2026-11-25T09:00:00.000Z', { state: 'resolved' });

const MAILS: Readonly<Record<string, AlertNotification>> = {
  ...Object.fromEntries(
    Object.entries(SAMPLE_ALERTS).map(([name, alert]) => [name.replaceAll(' ', '-'), alone(alert)]),
  ),
  'opened-and-worse': {
    kind: 'alert',
    alert: anEscalation().alert,
    transitions: [OPENING, anEscalation()],
  },
  snoozed: {
    kind: 'alert',
    alert: aTransition(anAlert(), 'snoozed').alert,
    transitions: [aTransition(anAlert(), 'snoozed')],
  },
  resolved: {
    kind: 'alert',
    alert: RESOLVED.alert,
    transitions: [{ ...aTransition(RESOLVED.alert, 'resolved'), at: RESOLVED.alert.changedAt }],
  },
  fold: foldOf([SAMPLE_ALERTS.exhaustion, anAlert()]),
  'fold-of-one-cause': foldOf([SAMPLE_ALERTS['scan-stale']], SAMPLE_ALERTS['scan-stale'].what.cause),
  'first-judgements': {
    kind: 'first-judgements',
    digestId: 'digest',
    alerts: [SAMPLE_ALERTS.exhaustion, SAMPLE_ALERTS['scan-stale']].map(aPending),
  },
};

describe('every kind of mail', () => {
  it.each(Object.entries(MAILS))('%s is what its golden file shows', (name, notification) => {
    const { subject, text, severity, kinds } = notificationMail(notification, SETTING);
    expect(subject).toMatch(SUBJECT_OF_SNS);
    expectGolden(`mail/${name}.txt`, `Subject: ${subject}\nAttributes: ${severity}, ${kinds.join(' ')}\n\n${text}`);
  });

  it('keeps the limits of SNS, and is as many lines as it means to be, whatever names hold', () => {
    const texts = fc.oneof(
      fc.constantFrom('😀'.repeat(3_000), '\u202e'.repeat(3_000), 'a'.repeat(3_000), '\n'.repeat(3_000)),
      fc.string({ unit: 'binary', maxLength: 300 }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const [reason] = anAlert().what.reasons;
        const hostile = anAlert({
          subject: { kind: 'cluster', clusterId: text, clusterName: text },
          where: {
            accountName: text,
            team: text,
            vpcName: text,
            clusters: Array.from({ length: 30 }, () => ({ clusterId: text, clusterName: text })),
            zones: Array.from({ length: 30 }, () => ({ availabilityZone: text, availabilityZoneId: text })),
            subnets: [{ subnetId: 'subnet-0a', name: text, cidrBlock: text }],
          },
          what: {
            reasons: reason === undefined ? [] : Array.from({ length: 30 }, () => ({ ...reason, text })),
            drivers: Array.from({ length: 5 }, () => ({ kind: 'holder' as const, resourceId: text, text })),
            change: { kind: 'add-subnet', text },
            cause: text,
          },
        });
        const plain = notificationMail(alone(hostileWith(hostile, 'x')), SETTING).text.split('\n').length;
        for (const notification of [
          alone(hostile),
          foldOf(
            Array.from({ length: 150 }, () => hostile),
            text,
          ),
        ]) {
          const mail = notificationMail(notification, SETTING);
          expect(mail.subject).toMatch(SUBJECT_OF_SNS);
          expect(Buffer.byteLength(mail.text)).toBeLessThanOrEqual(MESSAGE_BYTES_MAX);
          expect(mail.text).not.toMatch(/[\p{Cf}\r\t]/u);
        }
        expect(notificationMail(alone(hostile), SETTING).text.split('\n')).toHaveLength(plain);
      }),
      { numRuns: 40 },
    );
  });

  it('says how many alerts and reasons it does not list', () => {
    const mail = (count: number) => notificationMail(foldOf(Array.from({ length: count }, () => anAlert())), SETTING);
    expect(mail(100).text).not.toContain('more');
    expect(mail(101).text).toContain('and 1 alert more');
    const [reason] = anAlert().what.reasons;
    const reasons = (count: number) =>
      anAlert({ what: { reasons: reason === undefined ? [] : Array.from({ length: count }, () => reason) } });
    expect(notificationMail(alone(reasons(20)), SETTING).text).not.toContain('more');
    expect(notificationMail(alone(reasons(21)), SETTING).text).toContain('- and 1 more');
  });

  it('can be filtered by the worst that it tells of, and by every kind', () => {
    const { severity, kinds } = notificationMail(
      foldOf([anAlert({ severity: 'info' }), anAlert({ severity: 'critical', kind: 'scan-stale' })]),
      SETTING,
    );
    expect([severity, kinds]).toEqual(['critical', ['exhaustion', 'scan-stale']]);
    expect(ALERT_KINDS).toEqual(expect.arrayContaining([...kinds]));
  });
});

/** The same alert with other words, to count its lines. */
function hostileWith(alert: Alert, text: string): Alert {
  const { where, what } = alert;
  return {
    ...alert,
    subject: { kind: 'cluster', clusterId: text, clusterName: text },
    where: {
      ...where,
      accountName: text,
      team: text,
      vpcName: text,
      clusters: where.clusters.map(() => ({ clusterId: text, clusterName: text })),
      zones: where.zones.map(() => ({ availabilityZone: text, availabilityZoneId: text })),
    },
    what: {
      ...what,
      reasons: what.reasons.map((reason) => ({ ...reason, text })),
      drivers: what.drivers.map((driver) => ({ ...driver, text })),
      change: { kind: 'add-subnet', text },
    },
  };
}

describe('the text of a mail', () => {
  it.each([
    ['see https://evil.example/x', 'see https:[//]evil.example/x'],
    ['WWW.evil.example', 'WWW[.]evil.example'],
    ['a\nb', 'a↵b'],
    ['\u202egpj.exe', '[U+202E]gpj.exe'],
  ])('%j is written as %j', (text, written) => {
    expect(mailText(text)).toBe(written);
  });

  it.each([
    ['Critical: Größe in café', 'Critical: Große in cafe'.replace('ß', '?')],
    ['x'.repeat(99), 'x'.repeat(99)],
    ['x'.repeat(100), `${'x'.repeat(96)}...`],
    ['a\r\nBcc: b@example.com', 'a?Bcc: b@example.com'],
  ])('as a subject, %j is %j', (text, subject) => {
    expect(mailSubject(text)).toBe(subject);
  });
});
