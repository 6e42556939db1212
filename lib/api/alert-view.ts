import * as z from 'zod';
import { ALERT_KINDS, ALERT_SEVERITIES } from '../domain/alert/alert.ts';
import { SubnetRoomView } from './subnet-room-view.ts';

const day = z.iso.date().nullable();

/** An alert as the API shows it. */
export const AlertView = z.object({
  alertId: z.string(),
  kind: z.enum(ALERT_KINDS),
  severity: z.enum(ALERT_SEVERITIES),
  isExhausted: z.boolean().describe('Whether nothing is left'),
  state: z.enum(['open', 'acknowledged', 'snoozed', 'resolved', 'removed']),
  subject: z.object({ kind: z.enum(['subnet', 'cluster', 'account', 'target']), id: z.string() }),
  accountId: z.string(),
  accountName: z.string().nullable(),
  region: z.string().nullable(),
  vpcId: z.string().nullable(),
  availabilityZones: z.array(z.string()).describe('By name'),
  clusters: z.array(z.object({ clusterId: z.string(), clusterName: z.string() })),
  subnets: z.array(z.object({ subnetId: z.string(), name: z.string().nullable() })).describe('Those that fail'),
  team: z.string().nullable(),
  reasons: z.array(
    z.object({
      code: z.string(),
      resourceId: z.string(),
      observed: z.number().nullable(),
      needed: z.number().nullable(),
      unit: z.enum(['addresses', 'blocks', 'probability', 'scans']).nullable(),
      severity: z.enum(ALERT_SEVERITIES),
      withinDays: z.int().nullable(),
      text: z.string(),
    }),
  ),
  forecast: z
    .object({
      subnetId: z.string(),
      series: z.enum(['addresses', 'blocks']).describe('What the forecast is of: the earlier of both'),
      p10: day,
      p50: day,
      p90: day,
      missingHistory: z.string().nullable().describe('What has no forecast and why; null where nothing lacks one'),
    })
    .nullable(),
  room: z
    .object({ subnetId: z.string(), ...SubnetRoomView.shape })
    .nullable()
    .describe('What runs out, and how much of it is left; null where it is not about that'),
  drivers: z.array(z.string()).describe('The strongest first'),
  change: z.object({ kind: z.string(), text: z.string() }).nullable().describe('What helps most'),
  openedAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  observedAt: z.iso.datetime().describe('The observation that the figures are of'),
  acknowledgedBy: z.string().nullable(),
  snoozedUntil: z.iso.datetime().nullable(),
});

export type AlertView = z.infer<typeof AlertView>;
