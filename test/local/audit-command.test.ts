import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { AuditView } from '../../lib/api/audit-view.ts';
import { REQUIRED_FACTS_DEFAULT } from '../../lib/audit/coverage.ts';
import { OPEN_POLICY } from '../../lib/audit/policy.ts';
import type { AccountDirectory, AccountEntrance } from '../../lib/audit/ports.ts';
import type { Clock } from '../../lib/aws/clock.ts';
import { STATUSES, type Status } from '../../lib/domain/capacity/subnet-status.ts';
import { unavailable } from '../../lib/domain/fact.ts';
import { err } from '../../lib/domain/result.ts';
import { exitCodeOf, runAudit } from '../../lib/local/audit-command.ts';
import { type AuditFlags, FAIL_ON, USAGE } from '../../lib/local/audit-flags.ts';
import { simulatedCredentials } from '../../lib/local/simulated-aws/credentials.ts';
import {
  DEMO_ACCOUNT_IDS,
  DEMO_EXTERNAL_ID,
  demoOrganization,
} from '../../lib/local/simulated-aws/demo-organization.ts';
import { serveSimulatedAws } from '../../lib/local/simulated-aws/serve-simulated-aws.ts';
import type { SimulatedAws } from '../../lib/local/simulated-aws/state.ts';
import { aCoverageView, anAuditView, aSubnetView } from '../helpers/audit-view-builder.ts';
import { NOW } from '../helpers/builders.ts';
import { type NodeRun, runNode } from '../helpers/run-node.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const AUDIT = 'lib/local/audit.ts';
const START = 'lib/local/start.ts';
const ORGANIZATION = ['--accounts', 'organization', '--external-id', DEMO_EXTERNAL_ID];

function viewOf(statuses: readonly Status[], isComplete: boolean) {
  const subnets = statuses.map((status) => aSubnetView({ status }));
  return anAuditView({ subnets, coverage: aCoverageView({ isComplete }) });
}

describe('the exit code', () => {
  it.each<[(typeof FAIL_ON)[number], readonly Status[]]>([
    ['warning', ['exhausted', 'critical', 'warning']],
    ['critical', ['exhausted', 'critical']],
  ])('is 1 for --fail-on %s where a subnet is %j, even if something was not seen', (failOn, reaching) => {
    for (const status of STATUSES) {
      for (const isComplete of [true, false]) {
        const otherwise = isComplete ? 0 : 2;
        const expected = reaching.includes(status) ? 1 : otherwise;
        expect([status, isComplete, exitCodeOf(viewOf(['healthy', status], isComplete), failOn)]).toEqual([
          status,
          isComplete,
          expected,
        ]);
      }
    }
  });

  it('is 0 or 2 without --fail-on, however urgent a subnet is', () => {
    expect(exitCodeOf(viewOf(STATUSES, true), undefined)).toBe(0);
    expect(exitCodeOf(viewOf(STATUSES, false), undefined)).toBe(2);
  });

  it.each(FAIL_ON)('is 0 or 2 for --fail-on %s where there is no subnet', (failOn) => {
    expect(exitCodeOf(viewOf([], true), failOn)).toBe(0);
    expect(exitCodeOf(viewOf([], false), failOn)).toBe(2);
  });
});

const FLAGS: AuditFlags = {
  accounts: { kind: 'current' },
  regions: undefined,
  roleName: 'elbowroom-scan',
  externalId: undefined,
  format: 'json',
  failOn: undefined,
  requiredFacts: REQUIRED_FACTS_DEFAULT,
};
const DENIED = {
  action: 'sts:GetCallerIdentity',
  code: 'access-denied',
  message: 'no',
  awsErrorName: 'AccessDenied',
} as const;
const CLOCK: Clock = { now: () => 0, sleep: () => Promise.resolve() };

/** An account that lets nobody see anything: what it takes to print a result is all that happens. */
function closedPorts() {
  const directory: AccountDirectory = {
    caller: async () => err(DENIED),
    organizationAccounts: async () => unavailable(DENIED),
  };
  const entrance: AccountEntrance = { enter: async () => err(DENIED) };
  return { directory, entrance, now: () => NOW, policy: OPEN_POLICY };
}

function runOn(stdout: NodeJS.WritableStream): Promise<number> {
  const terminal = { stdout, stderr: new PassThrough() };
  return runAudit(FLAGS, closedPorts(), { terminal, clock: CLOCK, signal: new AbortController().signal });
}

describe('what an audit prints', () => {
  it('is handed over before the command ends, however slowly it is taken', async () => {
    const taken: string[] = [];
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk, _encoding, done) {
        setImmediate(() => {
          taken.push(String(chunk));
          done();
        });
      },
    });
    expect(await runOn(slow)).toBe(2);
    expect(AuditView.parse(JSON.parse(taken.join(''))).coverage.notSeen).toMatchObject([
      { scope: 'caller', isRequired: true },
    ]);
  });

  it('may go to a reader that went away', async () => {
    expect(await runOn(failing('EPIPE'))).toBe(2);
  });

  it('may not get lost otherwise', async () => {
    await expect(runOn(failing('ENOSPC'))).rejects.toThrow('ENOSPC');
  });
});

function failing(code: string): Writable {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) });
  // The process has a listener of its own on its streams.
  stream.on('error', () => undefined);
  return stream;
}

describe('npm run audit', () => {
  it('explains itself on standard output', async () => {
    expect(await runNode(AUDIT, ['--help'])).toEqual({ exitCode: 0, stdout: USAGE, stderr: '' });
  });

  it('ends with 64 for bad usage, says why on standard error and prints no result', async () => {
    expect(await runNode(AUDIT, ['--format', 'yaml'])).toEqual({
      exitCode: 64,
      stdout: '',
      stderr: 'Cannot read --format "yaml": expected table or json or html\nSee "npm run audit -- --help"\n',
    });
  });

  it('prints one JSON object of its contract and nothing else, over HTTP with assumed roles', async () => {
    const run = await auditDemo(demo(), [...ORGANIZATION, '--format', 'json']);
    const view = AuditView.parse(JSON.parse(run.stdout));
    expect(view).toEqual(withoutProto(run.stdout));
    expect(view.coverage.accounts.map(({ outcome }) => outcome).sort()).toEqual([
      'not-scanned',
      'not-seen',
      ...Array.from({ length: Object.keys(DEMO_ACCOUNT_IDS).length - 2 }, () => 'scanned'),
    ]);
    // One account of the demo lets nobody in.
    expect(run).toMatchObject({ exitCode: 2, stderr: '' });
  });

  it('ends with 1 where a subnet is as bad as --fail-on says, although an account was not seen', async () => {
    const run = await auditDemo(demo(), [...ORGANIZATION, '--fail-on', 'critical']);
    expect(run).toMatchObject({ exitCode: 1, stderr: '' });
    expect(run.stdout).toMatch(/^Elbowroom audit, /);
  });

  it('stops at Ctrl-C, prints what was seen, lists the rest as cancelled and ends with 2', async () => {
    const aws = demo();
    let isSlowAsked = false;
    let askedCount = 0;
    aws.faults = ({ accountId, region, action }) => {
      askedCount += 1;
      const isSlow =
        accountId === DEMO_ACCOUNT_IDS.shop && region === 'us-east-1' && action === 'DescribeNetworkInterfaces';
      isSlowAsked ||= isSlow;
      return isSlow ? { delayMs: 600_000 } : undefined;
    };
    const interruptWhenStuck = async (pid: number) => {
      for (let before = -1; !isSlowAsked || askedCount !== before; ) {
        before = askedCount;
        await delay(500);
      }
      process.kill(pid, 'SIGINT');
    };
    const run = await auditDemo(aws, [...ORGANIZATION, '--format', 'json'], interruptWhenStuck);
    expect(run).toMatchObject({ exitCode: 2, stderr: '' });
    const { coverage, subnets, clusters } = AuditView.parse(JSON.parse(run.stdout));
    const cancelled = coverage.notSeen.filter(({ code }) => code === 'cancelled');
    expect(cancelled.map(({ accountId, region }) => `${accountId} ${region}`)).toContain(
      `${DEMO_ACCOUNT_IDS.shop} us-east-1`,
    );
    expect(cancelled.find(({ scope }) => scope === 'network-interfaces')).toMatchObject({ isRequired: true });
    expect(coverage.isComplete).toBe(false);
    const tooling = clusters.find(({ clusterName }) => clusterName === 'tooling');
    expect(tooling).toMatchObject({ status: 'healthy' });
    const cut = subnets.filter(
      ({ accountId, region }) => accountId === DEMO_ACCOUNT_IDS.shop && region === 'us-east-1',
    );
    expect(cut.map(({ countedFrom }) => countedFrom)).not.toContain('network-interfaces');
    expect(cut.map(({ status }) => status)).not.toContain('healthy');
  });
});

describe('npm start -- --once', () => {
  it('audits the demo organisation and ends with 0, although an account of it lets nobody in', async () => {
    const run = await runNode(START, ['--once', '--format', 'json']);
    expect(run).toMatchObject({
      exitCode: 0,
      stderr: 'A simulated organisation on this machine; "npm run audit" audits AWS.\n',
    });
    const { coverage, subnets } = AuditView.parse(JSON.parse(run.stdout));
    expect(coverage.isComplete).toBe(false);
    expect(subnets.flatMap(({ leakedNetworkInterfaceIds }) => leakedNetworkInterfaceIds)).not.toEqual([]);
  });

  it('takes the flags of the audit', async () => {
    const run = await runNode(START, [
      '--once',
      '--accounts',
      DEMO_ACCOUNT_IDS.search,
      '--regions=eu-west-1',
      '--fail-on',
      'warning',
    ]);
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain('1 account in 1 region: 2 clusters,');
  });

  it('prints a page for --format html', async () => {
    const run = await runNode(START, ['--once', '--format', 'html']);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/^<!doctype html>.*<\/html>\s*$/is);
  });

  it.each(['json', 'table'])('ends quietly where nobody reads its %s', async (format) => {
    const child = spawn(process.execPath, ['--import', 'tsx', START, '--once', '--format', format], {
      cwd: ROOT,
      env: {},
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: 'A simulated organisation on this machine; "npm run audit" audits AWS.\n',
    });
  });
});

/** Without the one key that a schema never takes over: the demo has a tag of that name. */
function withoutProto(json: string): unknown {
  return JSON.parse(json, (key, value) => (key === '__proto__' ? undefined : value));
}

function demo(): SimulatedAws {
  return demoOrganization(new Date(), () => new Date());
}

async function auditDemo(
  aws: SimulatedAws,
  args: readonly string[],
  onStart?: (pid: number) => Promise<void>,
): Promise<NodeRun> {
  const server = await serveSimulatedAws(aws, { port: 0 });
  const { accessKeyId, secretAccessKey } = simulatedCredentials(DEMO_ACCOUNT_IDS.management);
  let started: Promise<void> | undefined;
  try {
    const run = await runNode(AUDIT, args, {
      variables: {
        AWS_ENDPOINT_URL: server.url,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      },
      onStart: (pid) => {
        started = onStart?.(pid);
      },
    });
    await started;
    return run;
  } finally {
    await server.close();
  }
}
