import * as z from 'zod';
import { ALERT_KINDS, ALERT_SEVERITIES } from '../lib/domain/alert/alert.ts';

/**
 * The public contract of the events that tell transitions of alerts: `docs/events.md` is made from it. Fields may be added; what
 * is here stays as it is for as long as `schemaVersion` is 1, so readers must ignore what they do not know.
 */

const ALERT_STATES = ['open', 'acknowledged', 'snoozed', 'resolved', 'removed'] as const;

const moment = z.iso.datetime();
const day = z.iso.date().nullable();
const name = z.string();
const nullableName = z.string().nullable();

const standing = z.object({ severity: z.enum(ALERT_SEVERITIES), state: z.enum(ALERT_STATES) });

const reason = z.object({
  code: z.string().describe('Permanent; kebab-case'),
  resourceId: z.string().describe('The subnet, the account, or an account and a region'),
  observed: z.number().nullable().describe('What was measured, in `unit`'),
  needed: z.number().nullable().describe('What would be enough, in `unit`'),
  unit: z.enum(['addresses', 'blocks', 'probability', 'scans']).nullable().describe('`probability`: 0 to 1'),
  severity: z.enum(ALERT_SEVERITIES).describe('How bad this alone is'),
  withinDays: z.number().nullable().describe('Of a probability: by how many days from `observedAt`'),
  text: z.string().describe('The same as a sentence'),
});

const forecast = z.object({
  subnetId: z.string(),
  series: z.enum(['addresses', 'blocks']).describe('What the forecast is of: the earlier of both'),
  floor: z.number().describe('At so many free it has run out for what has to stay possible'),
  p10: day.describe('The UTC day by which it has run out with 10 % probability; null: not by `censoredAt`'),
  p50: day.describe('With 50 %'),
  p90: day.describe('With 90 %'),
  censoredAt: day.describe('The last day that something is said of; null where nothing is'),
  probability: z.array(z.object({ days: z.number(), probability: z.number() })).describe('By days from `observedAt`'),
  caveats: z.array(z.string()).describe('What the forecast does not know'),
  missingHistory: z.string().nullable().describe('What has no forecast and why; null where nothing lacks one'),
});

const room = z.object({
  subnetId: z.string(),
  series: z.enum(['addresses', 'blocks']),
  freeCount: z.number().describe('So many are left'),
  capacityCount: z.number().describe('An empty subnet of its size has so many'),
  countedFrom: z
    .enum(['network-interfaces', 'available-ip-address-count'])
    .describe("The listed interfaces, or EC2's own counter alone"),
  observedAt: moment.describe('When that was read'),
});

const alert = z.object({
  kind: z.enum(ALERT_KINDS),
  severity: z.enum(ALERT_SEVERITIES),
  isExhausted: z.boolean().describe('Whether nothing is left'),
  state: z.enum(ALERT_STATES),
  openedAt: moment.describe('When it opened; one that comes back opens anew'),
  observedAt: moment.describe('The observation that all figures are of'),
  isFirstJudgement: z.boolean().describe('Whether it was there when anybody looked for the first time'),
  subject: z.object({
    kind: z.enum(['subnet', 'cluster', 'account', 'target']),
    id: z.string().describe('Of a cluster `account:region:name`, of a target `account:region`'),
  }),
  accountId: z.string().describe('The owner of the VPC, or the account itself'),
  accountName: nullableName,
  accountIds: z.array(z.string()).describe('Every account concerned: the owner and those of the clusters'),
  region: z.string().nullable().describe('null where several are concerned'),
  vpcId: z.string().nullable(),
  vpcName: nullableName,
  availabilityZones: z.array(z.object({ name, id: nullableName })),
  clusters: z.array(z.object({ clusterId: z.string(), clusterName: name })),
  subnets: z
    .array(z.object({ subnetId: z.string(), name: nullableName, cidrBlock: z.string().nullable() }))
    .describe('Those that fail'),
  team: z.string().nullable().describe('null where the settings name none, or several do'),
  tags: z.record(z.string(), z.array(z.string())).describe('Of its subnets and clusters: values by key'),
  reasons: z.array(reason).describe("The worst subnet's first"),
  forecast: forecast.nullable().describe('Of the subnet that runs out first'),
  room: room.nullable().describe('What runs out, and how much of it is left; null where it is not about that'),
  drivers: z
    .array(z.object({ kind: z.string(), resourceId: z.string(), text: z.string() }))
    .describe('What drives it, the strongest first'),
  change: z.object({ kind: z.string(), text: z.string() }).nullable().describe('What helps most'),
  cause: z.string().nullable().describe('The same wherever the same thing causes it'),
  acknowledged: z.object({ by: name, at: moment }).nullable(),
  snoozed: z.object({ by: name, at: moment, until: moment }).nullable(),
  mergedInto: z.string().nullable().describe('The alert that tells of it now; only where it was removed for that'),
});

/** The `detail` of an event whose detail-type is `Elbowroom Alert Transition`. */
export const AlertTransitionDetail = z.object({
  schemaVersion: z.literal(1),
  alertId: z.string().describe('The same for the same kind, VPC or account, and subject for ever'),
  sequence: z
    .int()
    .min(1)
    .describe('1, 2, 3 …: each alert counts its own. With `alertId` the name of the transition for ever'),
  type: z.enum(['opened', 'changed', 'acknowledged', 'snoozed', 'unsnoozed', 'resolved', 'removed']),
  at: moment.describe('When it happened; also the `time` of the event'),
  before: standing.nullable().describe('null where it was not there before'),
  after: standing,
  isSilenced: z.boolean().describe('Whether people are not told of it for now, since somebody asked for silence'),
  url: z.string().nullable().describe('The page of the alert; null where the settings name no dashboard'),
  isComplete: z.boolean().describe('Whether every list is whole: of each at most 100 items are told, or 10'),
  alert: alert.describe('The alert as this transition left it'),
});

export type AlertTransitionDetail = z.infer<typeof AlertTransitionDetail>;
