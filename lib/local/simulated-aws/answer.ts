import { setTimeout as wait } from 'node:timers/promises';
import type { Call } from './call.ts';
import { unknownService } from './call.ts';
import { type Caller, type CredentialScope, identifyCaller, parseAuthorization } from './credentials.ts';
import { ec2Service } from './ec2/ec2-service.ts';
import { eksService } from './eks/eks-service.ts';
import { type Failure, failure, isFailure } from './failure.ts';
import type { Fault } from './fault.ts';
import { organizationsService } from './organizations/organizations-service.ts';
import type { Operation, Service } from './service.ts';
import type { SimulatedAccount, SimulatedAws, SimulatedRequest } from './state.ts';
import { stsService } from './sts/sts-service.ts';
import type { WireRequest, WireResponse } from './wire.ts';

const SERVICES: ReadonlyMap<string, Service> = new Map(
  [ec2Service, eksService, organizationsService, stsService].map((service) => [service.name, service]),
);

const REQUEST_ID_PREFIX = '00000000-0000-4000-8000-';
const REQUEST_ID_DIGITS = 12;

/**
 * Answers one request as AWS would: the service, region and account come from the Signature Version 4 credential scope,
 * the action from the service's protocol. The signature itself is not checked.
 * Returns `undefined` where a fault closes the connection without an answer. `signal` ends a delayed answer early.
 */
export async function answer(
  aws: SimulatedAws,
  request: WireRequest,
  signal?: AbortSignal,
): Promise<WireResponse | undefined> {
  aws.requestCount += 1;
  const requestId = `${REQUEST_ID_PREFIX}${String(aws.requestCount).padStart(REQUEST_ID_DIGITS, '0')}`;
  const scope = parseAuthorization(request.headers.get('authorization'));
  const service = SERVICES.get(scope?.service ?? '');
  if (scope === undefined || service === undefined) {
    const failed =
      scope === undefined
        ? failure(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token')
        : unknownService(scope.service);
    return stsService.protocol.encodeFailure(failed, requestId);
  }
  const operation = service.protocol.route(request, service.operations);
  if (isFailure(operation)) {
    return service.protocol.encodeFailure(operation, requestId);
  }
  const admitted = admit(aws, service, scope, request);
  if (isFailure(admitted)) {
    return service.protocol.encodeFailure(admitted, requestId);
  }
  const input = service.protocol.decode(request, operation);
  const simulated: SimulatedRequest = {
    accountId: admitted.account.id,
    region: scope.region,
    service: service.name,
    action: operation.schema[2],
    params: isFailure(input) ? {} : input,
  };
  const isWithinLimits = aws.limits?.(simulated) ?? true;
  const fault = isWithinLimits ? aws.faults?.(simulated) : undefined;
  if (fault?.delayMs !== undefined) {
    await wait(fault.delayMs, undefined, signal === undefined ? {} : { signal });
  }
  const call: Call = {
    aws,
    ...admitted,
    regionName: scope.region,
    action: simulated.action,
    isEmptyPageFirst: fault?.emptyPage === true,
  };
  const response = respond({ service, operation, call, input, fault, requestId, isWithinLimits });
  aws.onRequest?.({
    ...simulated,
    status: response?.status ?? 0,
    bytes: Buffer.byteLength(response?.body ?? ''),
  });
  return response;
}

/** The answer, or `undefined` where the connection drops. */
function respond({
  service,
  operation,
  call,
  input,
  fault,
  requestId,
  isWithinLimits,
}: {
  readonly service: Service;
  readonly operation: Operation;
  readonly call: Call;
  readonly input: object | Failure;
  readonly fault: Fault | undefined;
  readonly requestId: string;
  readonly isWithinLimits: boolean;
}): WireResponse | undefined {
  if (fault?.dropConnection === true) {
    return undefined;
  }
  if (!isWithinLimits || fault?.throttle === true) {
    return service.protocol.encodeFailure(service.throttled, requestId);
  }
  if (fault?.deny === true) {
    return service.protocol.encodeFailure(service.accessDenied(call, `${service.name}:${call.action}`), requestId);
  }
  const response =
    faultResponse(service, fault, requestId) ??
    encoded(service, operation, outcome(service, operation, call, input), requestId);
  return fault?.truncate === true ? { ...response, body: response.body.slice(0, response.body.length / 2) } : response;
}

function admit(
  aws: SimulatedAws,
  service: Service,
  scope: CredentialScope,
  request: WireRequest,
): { readonly caller: Caller; readonly account: SimulatedAccount } | Failure {
  const token = request.headers.get('x-amz-security-token');
  const caller = identifyCaller(scope.accessKeyId, token, aws.partition, aws.now());
  if (caller === 'expired') {
    return service.expiredCredentials;
  }
  const account = caller === 'invalid' ? undefined : aws.accounts.get(caller.accountId);
  return caller === 'invalid' || account === undefined ? service.invalidCredentials : { caller, account };
}

function outcome(service: Service, operation: Operation, call: Call, input: object | Failure): object | Failure {
  const iamAction = `${service.name}:${call.action}`;
  if (call.account.deniedActions.has(iamAction)) {
    return service.accessDenied(call, iamAction);
  }
  return isFailure(input) ? input : operation.run(call, input);
}

function encoded(
  { protocol }: Service,
  operation: Operation,
  result: object | Failure,
  requestId: string,
): WireResponse {
  return isFailure(result) ? protocol.encodeFailure(result, requestId) : protocol.encode(operation, result, requestId);
}

/** The answer a fault puts in place of the real one, or `undefined` where it puts none. */
function faultResponse({ protocol }: Service, fault: Fault | undefined, requestId: string): WireResponse | undefined {
  if (fault?.status === undefined) {
    return undefined;
  }
  const { status, code, message, body, contentType } = fault;
  if (code !== undefined) {
    return protocol.encodeFailure(failure(status, code, message ?? `Simulated ${code}`), requestId);
  }
  return {
    status,
    headers: { 'content-type': contentType ?? 'text/html' },
    body: body ?? `<html><body><h1>${status}</h1></body></html>`,
  };
}
