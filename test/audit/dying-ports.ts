import type { PlanScanPorts } from '../../lib/audit/plan-scan.ts';

export interface Death {
  /** Counted from 1, over all ports. */
  readonly callNumber: number;
  /** Whether the call has had its effect by then. */
  readonly place: 'before' | 'after';
}

export class PlannerDied extends Error {}

/**
 * Ports of a planner that dies at one of its calls, after which nothing that it still tries has an effect. Messages are sent one
 * by one, so that it dies between any two of them.
 */
export function dyingPorts(ports: PlanScanPorts, { callNumber, place }: Death): PlanScanPorts {
  let calls = 0;
  let isDead = false;
  function die(): never {
    isDead = true;
    throw new PlannerDied();
  }
  return wrapPorts(ports, async (call) => {
    calls += 1;
    const isLast = calls === callNumber;
    if (isDead || (isLast && place === 'before')) {
      die();
    }
    const result = await call();
    return isDead || isLast ? die() : result;
  });
}

/** Returns ports of which every call goes through `around`. */
export function wrapPorts(
  ports: PlanScanPorts,
  around: <Result>(call: () => Promise<Result>) => Promise<Result>,
): PlanScanPorts {
  const wrapped =
    <Arguments extends readonly unknown[], Result>(call: (...parameters: Arguments) => Promise<Result>) =>
    (...parameters: Arguments) =>
      around(() => call(...parameters));
  const oneByOne =
    <Message>(send: (messages: readonly Message[]) => Promise<void>) =>
    async (messages: readonly Message[]) => {
      for (const message of messages) {
        await around(() => send([message]));
      }
    };
  const { directory, entrance, directoryStore, runs, outbox } = ports;
  return {
    ...ports,
    directory: {
      caller: wrapped(directory.caller),
      organizationAccounts: wrapped(directory.organizationAccounts),
    },
    entrance: { enter: wrapped(entrance.enter) },
    directoryStore: {
      readDirectory: wrapped(directoryStore.readDirectory),
      writeDirectory: wrapped(directoryStore.writeDirectory),
    },
    runs: {
      createRun: wrapped(runs.createRun),
      recordOutcomes: wrapped(runs.recordOutcomes),
      readRun: wrapped(runs.readRun),
      listRuns: wrapped(runs.listRuns),
    },
    outbox: {
      scanTargets: oneByOne(outbox.scanTargets),
      pulseTargets: oneByOne(outbox.pulseTargets),
    },
    pulseCandidates: wrapped(ports.pulseCandidates),
  };
}
