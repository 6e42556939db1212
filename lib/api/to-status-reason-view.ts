import { statusReasonText } from '../domain/capacity/status-reason-text.ts';
import type { StatusReason } from '../domain/capacity/subnet-status.ts';
import type { StatusReasonView } from './status-reason-view.ts';

/** Turns a reason into its view. */
export function toStatusReasonView(reason: StatusReason): StatusReasonView {
  const measured =
    'observed' in reason ? { observed: reason.observed, needed: reason.needed } : { observed: null, needed: null };
  return { code: reason.code, ...measured, message: statusReasonText(reason) };
}
