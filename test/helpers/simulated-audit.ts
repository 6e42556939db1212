import { type AuditView, toAuditView } from '../../lib/api/audit-view.ts';
import type { AccountScope } from '../../lib/audit/account-scope.ts';
import { type AuditResult, auditAccounts } from '../../lib/audit/audit-accounts.ts';
import { REQUIRED_FACTS_DEFAULT } from '../../lib/audit/coverage.ts';
import type { AccountObserver } from '../../lib/audit/ports.ts';
import type { Clock } from '../../lib/aws/clock.ts';
import type { RateLimiter } from '../../lib/aws/rate-limiter.ts';
import { simulatedCredentials } from '../../lib/local/simulated-aws/credentials.ts';
import { simulatedRequestHandler } from '../../lib/local/simulated-aws/request-handler.ts';
import { serveSimulatedAws } from '../../lib/local/simulated-aws/serve-simulated-aws.ts';
import type { AnsweredRequest, SimulatedAws } from '../../lib/local/simulated-aws/state.ts';
import { createAuditPorts } from '../../lib/wiring/audit-ports.ts';

/** Audits of a simulated AWS by the real SDK, composed as the commands compose them, but with time that stands still. */

export const AUDITED_AT = new Date('2026-11-23T08:00:00.000Z');
export const ROLE_NAME = 'elbowroom-scan';

const NO_RATE_LIMIT: RateLimiter = { take: () => Promise.resolve() };
const STILL: Clock = { now: () => AUDITED_AT.getTime(), sleep: () => Promise.resolve() };
/** Far beyond what a test takes, so that no test depends on it. */
const DEADLINE_MS = 600_000;

export interface AuditOptions {
  /** Whose credentials the audit is started with. */
  readonly callerId: string;
  readonly accounts?: AccountScope;
  readonly regions?: readonly string[];
  readonly homeRegion?: string;
  readonly externalId?: string;
  /** Whether the caller takes on the role in its own account as well. */
  readonly isTakenAtHome?: boolean;
  /** Time, where it does not stand still. */
  readonly clock?: Clock;
  /** Attempts of one call; one, so that a fault answers at once. */
  readonly attemptsMax?: number;
}

type Door = { readonly endpoint: string } | { readonly requestHandler: ReturnType<typeof simulatedRequestHandler> };

/** Audits over HTTP, with sockets and all. */
export async function auditOverHttp(aws: SimulatedAws, options: AuditOptions): Promise<AuditView> {
  const server = await serveSimulatedAws(aws, { port: 0 });
  try {
    return toAuditView(await auditThrough({ endpoint: server.url }, options));
  } finally {
    await server.close();
  }
}

/** Audits inside the process: the same SDK up to the socket. */
export function auditInProcess(aws: SimulatedAws, options: AuditOptions): Promise<AuditResult> {
  return auditThrough({ requestHandler: simulatedRequestHandler(aws) }, options);
}

function auditThrough(door: Door, options: AuditOptions): Promise<AuditResult> {
  const { accounts = { kind: 'current' }, regions } = options;
  const ports = { ...portsThrough(door, options), onProgress: () => undefined };
  const request = { accounts, regions, requiredFacts: REQUIRED_FACTS_DEFAULT };
  return auditAccounts(request, ports, new AbortController().signal);
}

/** An account as the audit sees it, the caller's own where none is named, without what comes before. */
export async function observerOf(
  aws: SimulatedAws,
  options: AuditOptions,
  accountId: string = options.callerId,
): Promise<AccountObserver> {
  const { entrance } = portsThrough({ requestHandler: simulatedRequestHandler(aws) }, options);
  const caller = { accountId: options.callerId, partition: aws.partition };
  const entered = await entrance.enter(caller, accountId, new AbortController().signal);
  if (!entered.ok) {
    throw new Error(`Cannot enter account "${accountId}": ${entered.error.message}`);
  }
  return entered.value;
}

function portsThrough(
  door: Door,
  {
    callerId,
    homeRegion = 'us-east-1',
    externalId,
    isTakenAtHome = false,
    clock = STILL,
    attemptsMax = 1,
  }: AuditOptions,
) {
  return createAuditPorts({
    credentials: simulatedCredentials(callerId),
    homeRegion,
    clock,
    limiter: NO_RATE_LIMIT,
    role: {
      roleName: ROLE_NAME,
      externalId,
      roleSessionName: 'elbowroom-test',
      deadlineMs: DEADLINE_MS,
      isTakenAtHome,
    },
    clients: { ...door, attemptsMax },
  });
}

/** Collects every request that a simulated AWS answers from now on. */
export function recordRequests(aws: SimulatedAws): AnsweredRequest[] {
  const requests: AnsweredRequest[] = [];
  aws.onRequest = (request) => requests.push(request);
  return requests;
}

/** How often each action was asked, by its IAM name. */
export function countByAction(requests: readonly AnsweredRequest[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { service, action } of requests) {
    counts[`${service}:${action}`] = (counts[`${service}:${action}`] ?? 0) + 1;
  }
  return counts;
}
