import type { Alert, AlertFindings, AlertReason, AlertRoom, AlertWhere } from '../../domain/alert/alert.ts';
import type { PendingAlert } from '../../domain/alert/alert-notification.ts';
import type { AlertTransition, AlertTransitionType } from '../../domain/alert/alert-transition.ts';
import type { Silence } from '../../domain/alert/silence.ts';
import { alertMessage, transitionMessage } from '../../notify/slack/alert-message.ts';
import type { MessageSetting } from '../../notify/slack/alert-parts.ts';
import type { SlackMessage } from '../../notify/slack/block-kit.ts';
import {
  channelTestMessage,
  dailyDigestMessage,
  firstJudgementMessage,
  foldMessage,
} from '../../notify/slack/list-messages.ts';
import { markRepeated } from '../../notify/slack/mark-repeated.ts';

/** Names as somebody would choose who wants to call everybody, fake a link, or turn the line around. */
const HOSTILE_NAME = '<!channel> *prod* `x` <https://evil.example|bank> & @here \u202egpj.exe';
const HOSTILE_LINES = 'first\n>quoted\n<!here>';

const NOW = '2026-11-23T12:05:00.000Z';

export const SETTING: MessageSetting = {
  now: NOW,
  alertUrl: (alertId) => `https://elbowroom.example/alerts/${encodeURIComponent(alertId)}`,
};

const FEW_FREE: AlertReason = {
  code: 'few-free-addresses',
  resourceId: 'subnet-0a',
  observed: 20,
  needed: 38,
  unit: 'addresses',
  severity: 'warning',
  withinDays: undefined,
  text: '20 addresses free, 15 % of the subnet is 38',
};

const ADDRESS_ROOM: AlertRoom = {
  subnetId: 'subnet-0a',
  series: 'addresses',
  freeCount: 20,
  capacityCount: 251,
  countedFrom: 'network-interfaces',
  observedAt: '2026-11-23T08:00:00.000Z',
};
/** Counted an hour before addresses were read last. */
const BLOCK_ROOM: AlertRoom = {
  ...ADDRESS_ROOM,
  series: 'blocks',
  freeCount: 1,
  capacityCount: 14,
  observedAt: '2026-11-23T07:00:00.000Z',
};

const WHERE: AlertWhere = {
  accountId: '111122223333',
  accountName: 'payments',
  accountIds: ['111122223333'],
  region: 'us-east-1',
  vpcId: 'vpc-0a',
  vpcName: 'main',
  zones: [{ availabilityZone: 'us-east-1a', availabilityZoneId: 'use1-az1' }],
  clusters: [{ clusterId: '111122223333:us-east-1:prod', clusterName: 'prod' }],
  subnets: [{ subnetId: 'subnet-0a', name: 'private-a', cidrBlock: '10.0.0.0/24' }],
  team: 'payments',
  tags: [],
};

const WHAT: AlertFindings = {
  reasons: [FEW_FREE],
  forecast: undefined,
  drivers: [],
  change: undefined,
  cause: undefined,
};

type Changes = Partial<Omit<Alert, 'where' | 'what'>> & {
  readonly where?: Partial<AlertWhere>;
  readonly what?: Partial<AlertFindings>;
};

function anAlert({ where, what, ...rest }: Changes): Alert {
  return {
    alertId: 'exhaustion.111122223333.us-east-1.vpc-0a.subnet.subnet-0a',
    kind: 'exhaustion',
    home: { kind: 'vpc', vpc: { ownerId: '111122223333', region: 'us-east-1', vpcId: 'vpc-0a' } },
    subject: { kind: 'subnet', subnetId: 'subnet-0a' },
    severity: 'warning',
    isExhausted: false,
    state: 'open',
    sequence: 1,
    openedAt: '2026-11-23T08:00:00.000Z',
    isFirstJudgement: false,
    changedAt: '2026-11-23T08:00:00.000Z',
    observedAt: '2026-11-23T08:00:00.000Z',
    improvedSince: undefined,
    acknowledged: undefined,
    snoozed: undefined,
    mergedInto: undefined,
    ...rest,
    where: { ...WHERE, ...where },
    what: { ...WHAT, ...what },
  };
}

/** What a subscriber has not heard of an alert: that it opened. */
function aPending(alert: Alert): PendingAlert {
  const { alertId, sequence, changedAt: at, severity, state } = alert;
  return {
    alert,
    transitions: [{ alertId, sequence, type: 'opened', at, before: undefined, after: { severity, state }, alert }],
  };
}

/** An alert of each kind, with everything that a message can tell. */
export const SAMPLE_ALERTS = {
  exhaustion: anAlert({
    severity: 'critical',
    where: {
      accountName: HOSTILE_NAME,
      subnets: [{ subnetId: 'subnet-0a', name: HOSTILE_LINES, cidrBlock: '10.0.0.0/24' }],
    },
    what: {
      forecast: {
        subnetId: 'subnet-0a',
        series: 'addresses',
        floor: 18,
        p10: '2026-11-28',
        p50: '2026-12-03',
        p90: '2026-12-14',
        censoredAt: '2027-05-22',
        probability: [
          { days: 7, probability: 0.31 },
          { days: 30, probability: 0.997 },
        ],
        caveats: ['gaps', 'recent-break'],
      },
      room: ADDRESS_ROOM,
      drivers: [
        {
          kind: 'holder',
          resourceId: 'prod',
          text: `nodes of ${HOSTILE_NAME} hold 162 addresses, 40 more than 7 days ago`,
        },
        { kind: 'hidden', resourceId: 'subnet-0a', text: '12 addresses in use that no network interface shows' },
      ],
      change: { kind: 'add-subnet', text: 'add a subnet of /22 in use1-az1 to the cluster prod: 1,019 addresses more' },
      cause: undefined,
    },
  }),
  'exhaustion of blocks': anAlert({
    alertId: 'exhaustion.111122223333.us-east-1.vpc-0a.cluster.prod',
    subject: { kind: 'cluster', clusterId: '111122223333:us-east-1:prod', clusterName: 'prod' },
    where: { accountIds: ['111122223333', '444455556666'], team: undefined },
    what: {
      forecast: {
        subnetId: 'subnet-0a',
        series: 'blocks',
        floor: 0,
        p10: '2027-01-02',
        p50: undefined,
        p90: undefined,
        censoredAt: '2027-05-22',
        probability: [{ days: 30, probability: 0.004 }],
        caveats: [],
      },
      room: BLOCK_ROOM,
    },
  }),
  'exhaustion of blocks without a forecast': anAlert({
    what: {
      forecast: {
        subnetId: 'subnet-0a',
        series: 'addresses',
        floor: 13,
        p10: '2026-11-28',
        p50: '2026-12-03',
        p90: '2026-12-14',
        censoredAt: '2027-05-22',
        probability: [{ days: 30, probability: 0.997 }],
        caveats: [],
        missingHistory: 'no forecast of /28 blocks yet: 2 of 3 days with at least 18 hours counted since 2026-11-21',
      },
      room: BLOCK_ROOM,
    },
  }),
  'no-free-prefix': anAlert({
    alertId: 'no-free-prefix.111122223333.us-east-1.vpc-0a.subnet.subnet-0a',
    kind: 'no-free-prefix',
    severity: 'critical',
    isExhausted: true,
    what: {
      reasons: [
        {
          ...FEW_FREE,
          code: 'no-free-prefix',
          observed: 0,
          needed: 1,
          unit: 'blocks',
          text: 'prefixes are in use and no /28 block is free',
        },
      ],
      change: { kind: 'replace-fragmented-nodes', text: 'drain 2 nodes, which frees 3 /28 blocks' },
    },
  }),
  'scan-stale': anAlert({
    alertId: 'scan-stale.444455556666.account.444455556666',
    kind: 'scan-stale',
    home: { kind: 'account', accountId: '444455556666' },
    subject: { kind: 'account', accountId: '444455556666' },
    where: {
      accountId: '444455556666',
      accountName: 'ledger',
      accountIds: ['444455556666'],
      region: undefined,
      vpcId: undefined,
      vpcName: undefined,
      zones: [],
      clusters: [],
      subnets: [],
      team: undefined,
    },
    what: {
      reasons: [
        {
          ...FEW_FREE,
          code: 'account-not-seen',
          resourceId: '444455556666',
          observed: 3,
          needed: 1,
          unit: 'scans',
          text: 'sts:AssumeRole access-denied in the last 3 scans',
        },
      ],
      drivers: [
        {
          kind: 'error',
          resourceId: '444455556666',
          text: 'sts:AssumeRole: User is not authorized to perform <sts:AssumeRole>',
        },
      ],
      change: { kind: 'restore-access', text: 'restore the role elbowroom-scan in the account' },
      cause: 'sts:AssumeRole access-denied',
    },
  }),
  'residual-unexplained': anAlert({
    alertId: 'residual-unexplained.111122223333.us-east-1.vpc-0a.subnet.subnet-0a',
    kind: 'residual-unexplained',
    severity: 'info',
    what: {
      reasons: [
        {
          ...FEW_FREE,
          code: 'residual-unexplained',
          observed: 24,
          needed: 0,
          text: '24 addresses in use in two scans that no network interface or reservation explains',
        },
      ],
      change: {
        kind: 'look-for-hidden-holders',
        text: 'look for interfaces of managed services that the scan role may not list',
      },
    },
  }),
} as const satisfies Readonly<Record<string, Alert>>;

const STATES: Readonly<Record<AlertTransitionType, Alert['state']>> = {
  opened: 'open',
  changed: 'open',
  acknowledged: 'acknowledged',
  snoozed: 'snoozed',
  unsnoozed: 'open',
  resolved: 'resolved',
  removed: 'removed',
};

export function aTransition(of: Alert, type: AlertTransitionType): AlertTransition {
  const at = '2026-11-23T12:00:00.000Z';
  const by = { by: HOSTILE_NAME, at };
  const alert: Alert = {
    ...of,
    state: STATES[type],
    sequence: of.sequence + 1,
    changedAt: at,
    observedAt: at,
    acknowledged: type === 'acknowledged' ? by : undefined,
    snoozed: type === 'snoozed' ? { ...by, until: '2026-11-24T12:00:00.000Z' } : undefined,
  };
  return {
    alertId: of.alertId,
    sequence: alert.sequence,
    type,
    at,
    before: { severity: 'warning', state: 'open' },
    after: { severity: alert.severity, state: alert.state },
    alert,
  };
}

const SILENCE: Silence = {
  silenceId: 'silence-1',
  match: { by: 'account', accountId: '111122223333' },
  from: '2026-11-23T00:00:00.000Z',
  until: '2026-11-25T00:00:00.000Z',
  author: HOSTILE_NAME,
  reason: 'load test until Wednesday',
};

const MANY = Array.from({ length: 120 }, (_, index) =>
  aPending(
    anAlert({
      alertId: `exhaustion.111122223333.us-east-1.vpc-0a.subnet.subnet-${index}`,
      subject: { kind: 'subnet', subnetId: `subnet-${index}` },
      severity: index < 3 ? 'critical' : 'warning',
      where: {
        accountName: HOSTILE_NAME,
        subnets: [{ subnetId: `subnet-${index}`, name: `private-${index}`, cidrBlock: undefined }],
      },
    }),
  ),
);

const SHORT_LIST = MANY.slice(0, 4);
const ALERTS: readonly Alert[] = Object.values(SAMPLE_ALERTS);

/** Every kind of message, by the name of its golden file. */
export const SAMPLE_MESSAGES: Readonly<Record<string, SlackMessage>> = {
  ...Object.fromEntries(
    Object.entries(SAMPLE_ALERTS).map(([name, alert]) => [
      `opened-${name.replaceAll(' ', '-')}`,
      alertMessage(alert, SETTING),
    ]),
  ),
  'opened-with-mention': alertMessage(SAMPLE_ALERTS.exhaustion, SETTING, {
    kind: 'user-group',
    userGroupId: 'S0PLATFORM',
  }),
  ...Object.fromEntries(
    Object.entries(SAMPLE_ALERTS).flatMap(([name, alert]) =>
      (['changed', 'resolved'] as const).map((type) => [
        `${type}-${name.replaceAll(' ', '-')}`,
        transitionMessage(aTransition(alert, type), SETTING),
      ]),
    ),
  ),
  ...Object.fromEntries(
    (['acknowledged', 'snoozed', 'unsnoozed', 'removed'] as const).map((type) => [
      type,
      transitionMessage(aTransition(SAMPLE_ALERTS.exhaustion, type), SETTING),
    ]),
  ),
  'first-message-once-acknowledged': alertMessage(aTransition(SAMPLE_ALERTS.exhaustion, 'acknowledged').alert, SETTING),
  'first-message-once-snoozed': alertMessage(aTransition(SAMPLE_ALERTS.exhaustion, 'snoozed').alert, SETTING),
  'first-message-once-resolved': alertMessage(aTransition(SAMPLE_ALERTS.exhaustion, 'resolved').alert, SETTING),
  'first-message-once-merged': alertMessage(
    {
      ...aTransition(SAMPLE_ALERTS.exhaustion, 'removed').alert,
      mergedInto: SAMPLE_ALERTS['exhaustion of blocks'].alertId,
    },
    SETTING,
  ),
  'possibly-repeated': markRepeated(alertMessage(SAMPLE_ALERTS.exhaustion, SETTING)),
  fold: foldMessage(
    {
      kind: 'fold',
      alertKind: 'exhaustion',
      type: 'opened',
      cause: undefined,
      since: '2026-11-23T12:00:00.000Z',
      alerts: MANY,
    },
    SETTING,
    'root',
    { kind: 'here' },
  ),
  'fold-of-one-cause': foldMessage(
    {
      kind: 'fold',
      alertKind: 'scan-stale',
      type: 'opened',
      cause: `sts:AssumeRole access-denied ${HOSTILE_NAME}`,
      since: '2026-11-23T12:00:00.000Z',
      alerts: [aPending(SAMPLE_ALERTS['scan-stale'])],
    },
    SETTING,
    'reply',
  ),
  'first-judgements': firstJudgementMessage(SHORT_LIST, SETTING),
  'daily-digest': dailyDigestMessage(
    {
      day: '2026-11-23',
      open: ALERTS,
      changed: [{ alert: SAMPLE_ALERTS.exhaustion, type: 'opened', at: '2026-11-23T08:00:00.000Z' }],
      silenced: [{ alert: SAMPLE_ALERTS['no-free-prefix'], silence: SILENCE }],
      notSeen: [`${HOSTILE_NAME} 444455556666: sts:AssumeRole access-denied`],
      coverage: { expectedTargets: 412, finishedTargets: 409, observedAt: '2026-11-23T12:00:00.000Z' },
    },
    SETTING,
  ),
  'daily-digest-of-a-quiet-day': dailyDigestMessage(
    {
      day: '2026-11-24',
      open: [],
      changed: [],
      silenced: [],
      notSeen: [],
      coverage: { expectedTargets: 412, finishedTargets: 412, observedAt: '2026-11-23T12:00:00.000Z' },
    },
    SETTING,
  ),
  'channel-test': channelTestMessage({ askedBy: HOSTILE_NAME, channel: 'C0PLATFORM' }, SETTING),
};
