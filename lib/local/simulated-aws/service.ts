import { type Call, type RegionalCall, usableRegion } from './call.ts';
import type { Failure } from './failure.ts';
import type { OperationSchema } from './protocol/schema.ts';
import type { WireRequest, WireResponse } from './wire.ts';

/** One action of a service: the SDK's schema of it, and what it answers. */
export interface Operation {
  readonly schema: OperationSchema;
  readonly run: (call: Call, input: object) => object | Failure;
}

export type Operations = ReadonlyMap<string, Operation>;

/** How a service's requests and answers are written. */
export interface Protocol {
  /** Finds which action a request names; a failure where the service has no such action. */
  readonly route: (request: WireRequest, operations: Operations) => Operation | Failure;
  /** Reads the action's input in the SDK's names. */
  readonly decode: (request: WireRequest, operation: Operation) => object | Failure;
  readonly encode: (operation: Operation, output: object, requestId: string) => WireResponse;
  readonly encodeFailure: (failed: Failure, requestId: string) => WireResponse;
}

export interface Service {
  /** The name in the credential scope and before the colon of an IAM action. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly operations: Operations;
  readonly invalidCredentials: Failure;
  readonly expiredCredentials: Failure;
  readonly accessDenied: (call: Call, iamAction: string) => Failure;
  /** What it answers where an account asks too often. */
  readonly throttled: Failure;
}

/** Ties an action's schema to the function that answers it. `Input` and `Output` are the SDK's types of that action. */
export function operation<Input extends object, Output extends object>(
  schema: OperationSchema,
  run: (call: Call, input: Input) => Output | Failure,
): Operation {
  // The input was decoded by the same schema from which the SDK's own type of it was generated.
  return { schema, run: (call, input) => run(call, input as Input) };
}

/**
 * Ties a schema to an action that is answered only where the account has opted in to the region; anywhere else the answer
 * is `elsewhere`.
 */
export function regionalOperation<Input extends object, Output extends object>(
  schema: OperationSchema,
  elsewhere: Failure,
  run: (call: RegionalCall, input: Input) => Output | Failure,
): Operation {
  return operation<Input, Output>(schema, (call, input) => {
    const region = usableRegion(call);
    return region === undefined ? elsewhere : run({ ...call, region }, input);
  });
}

/** Keys operations by the action's name in its schema. */
export function operationsOf(...operations: readonly Operation[]): Operations {
  return new Map(operations.map((each) => [each.schema[2], each]));
}
