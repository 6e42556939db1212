import type {
  ConfirmChannel,
  JudgeVpc,
  PlanScan,
  PulseTarget,
  RollUpFleet,
  ScanTarget,
  TellAlerts,
} from '../audit/message-ports.ts';
import { scheduledSlot, slotText } from '../audit/slot.ts';
import type { LogFields } from './telemetry.ts';

export type Message = PlanScan | ScanTarget | PulseTarget | JudgeVpc | RollUpFleet | TellAlerts | ConfirmChannel;

/** Returns what tells a message apart in the log: its slot, and the account, region and VPC that it is about. */
export function messageFields(message: Message): LogFields {
  return { ...slotFields(message), ...scopeFields(message) };
}

function slotFields(message: Message): LogFields {
  if ('slot' in message) {
    return { slot: slotText(message.slot) };
  }
  if ('confirmChannel' in message) {
    return { channel: message.confirmChannel };
  }
  return 'kind' in message
    ? { slot: slotText(scheduledSlot(message.kind, message.scheduledAt)) }
    : { scheduledAt: message.scheduledAt };
}

function scopeFields(message: Message): LogFields {
  if ('target' in message) {
    const { accountId, region } = message.target;
    return { accountId, region };
  }
  if ('vpc' in message) {
    const { ownerId, region, vpcId } = message.vpc;
    return { accountId: message.viewerAccountId, region, vpcId, ownerId };
  }
  return {};
}
