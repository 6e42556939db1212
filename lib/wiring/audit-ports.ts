import type { AuditPorts } from '../audit/audit-accounts.ts';
import { createAccountObserver } from '../collect/account-observer.ts';
import { type AwsRuntime, createObservationPorts } from './observation-ports.ts';

/** Joins the audit with real AWS, through the SDK. */
export function createAuditPorts(runtime: AwsRuntime): Omit<AuditPorts, 'onProgress'> {
  return createObservationPorts(runtime, createAccountObserver);
}
