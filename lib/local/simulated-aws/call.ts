import type { Caller } from './credentials.ts';
import { type Failure, failure } from './failure.ts';
import type { SimulatedAccount, SimulatedAws, SimulatedRegion } from './state.ts';

/** Who asks, and where. */
export interface Call {
  readonly aws: SimulatedAws;
  readonly caller: Caller;
  readonly account: SimulatedAccount;
  readonly regionName: string;
  readonly action: string;
  /** A fault that puts an empty page before the one asked for. */
  readonly isEmptyPageFirst: boolean;
}

export interface RegionalCall extends Call {
  readonly region: SimulatedRegion;
}

/** The region in which the call is made, or `undefined` where the account has not opted in to it. */
export function usableRegion(call: Call): SimulatedRegion | undefined {
  const region = call.account.regions.get(call.regionName);
  return region?.optInStatus === 'not-opted-in' ? undefined : region;
}

/** `User: <arn> is not authorized to perform: <action>`, the sentence most services deny with. */
export function deniedMessage(call: Call, iamAction: string): string {
  return `User: ${call.caller.arn} is not authorized to perform: ${iamAction} because no identity-based policy allows the ${iamAction} action`;
}

/** The error of a service whose name in a credential scope is not simulated. */
export function unknownService(name: string): Failure {
  return failure(404, 'UnknownService', `The simulated AWS has no service "${name}"`);
}
