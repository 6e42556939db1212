import type { NotSeen, Scope } from '../audit/coverage.ts';
import type { Account, Caller, RegionListing } from '../audit/ports.ts';
import type { RequestSlot, ScheduledSlot, Slot } from '../audit/slot.ts';
import type { PulsedVpc, RunAccount, RunPlan, TargetOutcome } from '../audit/store-ports.ts';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import type { FactName, Target } from '../domain/region-facts.ts';
import { error, factName } from './resource-shape.ts';
import { either, flag, list, numeric, oneOf, optional, record, type Shape, text } from './shape.ts';

/**
 * What the ledger of a run and the memory between runs are made of, version 1. A change of these types is a compile error here:
 * it needs a new schema version of each document that holds them.
 */

const optionalText = optional(text);
const texts = list(text);

export const targetShape = record<Target>({ accountId: text, region: text });

export const vpcIdShape = record<VpcId>({ ownerId: text, region: text, vpcId: text });

export const callerShape = record<Caller>({ accountId: text, partition: text });

const accountFields = {
  accountId: text,
  name: optionalText,
  state: optionalText,
  organizationalUnitPaths: optional(texts),
};

export const accountShape = record<Account>(accountFields);

export const regionListingShape = record<RegionListing>({ regionName: text, isEnabled: flag });

export const slotShape: Shape<Slot> = either(
  record<ScheduledSlot>({ kind: oneOf<ScheduledSlot['kind']>({ scan: true, pulse: true }), at: text }),
  record<RequestSlot>({ kind: oneOf<RequestSlot['kind']>({ request: true }), at: text, requestId: text }),
);

export const notSeenShape = record<NotSeen>({
  scope: either(
    factName,
    oneOf<Exclude<Scope, FactName>>({ caller: true, accounts: true, account: true, regions: true, region: true }),
  ),
  accountId: optionalText,
  region: optionalText,
  resourceIds: texts,
  error,
  isRequired: flag,
});

export const targetOutcomeShape = record<TargetOutcome>({
  target: targetShape,
  state: oneOf<TargetOutcome['state']>({ finished: true, failed: true, missed: true }),
  endedAt: text,
  vpcCount: numeric,
  clusterCount: numeric,
  notSeen: list(notSeenShape),
});

export const runAccountShape = record<RunAccount>({
  ...accountFields,
  outcome: oneOf<RunAccount['outcome']>({ planned: true, 'not-scanned': true, 'not-seen': true }),
  notScannedReason: optionalText,
  regionsNotEnabled: texts,
  regionsLeftOut: texts,
});

export const runPlanShape = record<RunPlan>({
  slot: slotShape,
  plannedAt: text,
  caller: optional(callerShape),
  accounts: list(runAccountShape),
  targets: list(targetShape),
  pulsedVpcs: list(record<PulsedVpc>({ target: targetShape, vpcId: text })),
  notSeen: list(notSeenShape),
});
