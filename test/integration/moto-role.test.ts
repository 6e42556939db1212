import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { auditAccounts } from '../../lib/audit/audit-accounts.ts';
import type { NotSeen } from '../../lib/audit/coverage.ts';
import { systemClock } from '../../lib/aws/clock.ts';
import { createAuditPorts } from '../../lib/wiring/audit-ports.ts';
import { commandOutput, hasCommand } from '../helpers/commands.ts';
import { MOTO_ACCOUNT_ID, MOTO_NOTE, type MotoServer, startMoto } from '../helpers/moto.ts';

const TEMPLATE = 'infra/member-role.yaml';
const DEPLOYING = 'docs/deploying.md';
const MEMBER_ID = '222222222222';
const MANAGEMENT_ID = '333333333333';
const REGION = 'us-east-1';
const ROLE_NAME = 'elbowroom-audit';
const EXTERNAL_ID = '0123456789abcdef';
const BUILD_WITHIN_MS = 180_000;
/** Attempts at a call: one, so that what is denied is denied at once. */
const ATTEMPTS_MAX = 1;
/** moto checks no permission of the actions before; the other way round, of none ever. */
const FROM_NOW_ON = '0';
const NEVER = 'inf';
/** moto says so in XML, where EKS would in JSON: it is read as an answer that nobody expects. */
const DENIED_BY_MOTO_EKS = 'unexpected-response';
const HARMLESS_ACTION = 'sts:GetCallerIdentity';
/** Not seen, with or without permission. */
const UNKNOWN_TO_MOTO: ReadonlySet<string> = new Set([
  'ec2:GetManagedResourceVisibility',
  'eks:ListAddons',
  'eks:DescribeAddon',
]);

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const ANYBODY: Credentials = { accessKeyId: 'anybody', secretAccessKey: 'x' };

/** The template's role, made by moto's CloudFormation, and an audit through it while moto enforces IAM. */
describe.skipIf(!hasCommand('moto_server') || !hasCommand('aws'))(
  `moto: the role in every account (${MOTO_NOTE})`,
  () => {
    let moto: MotoServer;
    let member: Credentials;
    let hub: Credentials;
    let policies: ReadonlyMap<string, PolicyDocument>;

    const environmentOf = ({ accessKeyId, secretAccessKey, sessionToken }: Credentials) => ({
      AWS_ENDPOINT_URL: moto.url,
      AWS_DEFAULT_REGION: REGION,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    });
    const aws = async (credentials: Credentials, ...args: readonly string[]): Promise<unknown> => {
      const output = await commandOutput('aws', [...args, '--output', 'json'], environmentOf(credentials));
      return output.trim() === '' ? undefined : JSON.parse(output);
    };
    const checkPermissions = async (from: string): Promise<void> => {
      const answer = await fetch(`${moto.url}/moto-api/reset-auth`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: from,
      });
      expect(answer.status).toBe(200);
    };
    /** While moto checks nothing, it asks for no signature either: the key says which account is meant. */
    const setPolicy = async (name: string, document: PolicyDocument): Promise<void> => {
      const answer = await fetch(moto.url, {
        method: 'POST',
        headers: {
          authorization: `AWS4-HMAC-SHA256 Credential=${member.accessKeyId}/20261123/${REGION}/iam/aws4_request, SignedHeaders=host, Signature=none`,
        },
        body: new URLSearchParams({
          Action: 'PutRolePolicy',
          Version: '2010-05-08',
          RoleName: ROLE_NAME,
          PolicyName: name,
          PolicyDocument: JSON.stringify(document),
        }),
      });
      expect(answer.status).toBe(200);
    };
    const auditThroughRole = async (): Promise<readonly NotSeen[]> => {
      const ports = createAuditPorts({
        credentials: hub,
        homeRegion: REGION,
        clock: systemClock,
        clients: { endpoint: moto.url, attemptsMax: ATTEMPTS_MAX },
        limiter: { take: () => Promise.resolve() },
        role: {
          roleName: ROLE_NAME,
          externalId: EXTERNAL_ID,
          roleSessionName: 'elbowroom',
          deadlineMs: BUILD_WITHIN_MS,
        },
      });
      const { coverage } = await auditAccounts(
        { accounts: { kind: 'list', accountIds: [MEMBER_ID] }, regions: [REGION], requiredFacts: [] },
        { ...ports, onProgress: () => undefined },
        new AbortController().signal,
      );
      return coverage.notSeen;
    };

    beforeAll(async () => {
      moto = await startMoto();
      member = await sessionIn(aws, MEMBER_ID);
      await buildMember(aws, member);
      await aws(
        member,
        'cloudformation',
        'create-stack',
        '--stack-name',
        'elbowroom',
        '--template-body',
        `file://${TEMPLATE}`,
        '--capabilities',
        'CAPABILITY_NAMED_IAM',
        '--parameters',
        `ParameterKey=HubAccountId,ParameterValue=${MOTO_ACCOUNT_ID}`,
        `ParameterKey=ExternalId,ParameterValue=${EXTERNAL_ID}`,
        'ParameterKey=OrganizationId,ParameterValue=o-abcdefghij',
        'ParameterKey=NetworkPosture,ParameterValue=true',
      );
      hub = await hubUser(aws);
      policies = templatePolicies();
      for (const name of policies.keys()) {
        // moto keeps what is made with a role as an object, shows it as Python prints it, and cannot check by it: as text it can.
        const made = (await aws(member, 'iam', 'get-role-policy', '--role-name', ROLE_NAME, '--policy-name', name)) as {
          PolicyDocument: string | PolicyDocument;
        };
        const document: PolicyDocument =
          typeof made.PolicyDocument === 'string'
            ? JSON.parse(made.PolicyDocument.replaceAll("'", '"'))
            : made.PolicyDocument;
        expect(document).toEqual(policies.get(name));
        await setPolicy(name, document);
      }
    }, BUILD_WITHIN_MS);

    afterAll(() => moto?.stop());

    it('allows the core alone where an account is asked for nothing else, by the command of docs/deploying.md', async () => {
      const management = await sessionIn(aws, MANAGEMENT_ID);
      const command = /^aws (cloudformation deploy .*\\\n.*)$/m.exec(readFileSync(DEPLOYING, 'utf8'))?.[1] ?? '';
      const args = command
        .replaceAll(/\\\n/g, ' ')
        .replace('<hubAccountId>', MOTO_ACCOUNT_ID)
        .replace('<externalId>', EXTERNAL_ID)
        .replace('<o-…>', 'o-abcdefghij')
        .split(/\s+/);
      await commandOutput('aws', args, environmentOf(management));
      expect(await aws(management, 'iam', 'list-role-policies', '--role-name', ROLE_NAME)).toMatchObject({
        PolicyNames: ['core'],
      });
    });

    it('lets the audit see everything that moto knows', async () => {
      await checkPermissions(FROM_NOW_ON);
      const notSeen = await auditThroughRole();
      expect(newlyMissing(notSeen)).toEqual([]);
      expect(notSeen.length).toBeLessThanOrEqual(UNKNOWN_TO_MOTO.size);
    });

    it('is what lets it: a call that the template leaves out is denied', async () => {
      await checkPermissions(FROM_NOW_ON);
      const entered = await assumedRole(aws, hub);
      await expect(aws(entered, 'ec2', 'describe-key-pairs')).rejects.toThrow(/UnauthorizedOperation|AccessDenied/);
    });

    it.each(
      [...templatePolicies()].flatMap(([name, document]) =>
        actionsOf(document)
          .filter((action) => !UNKNOWN_TO_MOTO.has(action))
          .map((action) => ({ action, name })),
      ),
    )('without $action that alone is denied', async ({ action, name }) => {
      const whole = policies.get(name);
      if (whole === undefined) {
        throw new Error(`Cannot find the policy "${name}" in ${TEMPLATE}`);
      }
      await checkPermissions(NEVER);
      await setPolicy(name, without(whole, action));
      await checkPermissions(FROM_NOW_ON);
      const notSeen = await auditThroughRole();
      await checkPermissions(NEVER);
      await setPolicy(name, whole);
      expect(newlyMissing(notSeen)).toEqual([
        `${action}: ${action.startsWith('eks:') ? DENIED_BY_MOTO_EKS : 'access-denied'}`,
      ]);
    });
  },
);

type Aws = (credentials: Credentials, ...args: readonly string[]) => Promise<unknown>;

interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Action: readonly string[];
    readonly Resource: string;
  }[];
}

function newlyMissing(notSeen: readonly NotSeen[]): readonly string[] {
  // What hangs on it and was therefore not asked for is named by the same action.
  const missing = notSeen.filter(({ error }) => !UNKNOWN_TO_MOTO.has(error.action) && error.code !== 'not-attempted');
  return [...new Set(missing.map(({ error }) => `${error.action}: ${error.code}`))];
}

function without(document: PolicyDocument, action: string): PolicyDocument {
  return {
    ...document,
    // A statement without an action is none: what is left of it allows a harmless one.
    Statement: document.Statement.map((statement) => ({
      ...statement,
      Action: [HARMLESS_ACTION, ...statement.Action.filter((other) => other !== action)],
    })),
  };
}

function actionsOf({ Statement }: PolicyDocument): readonly string[] {
  return Statement.flatMap(({ Action }) => Action);
}

/** Those of the role itself, and those that are attached to it where its parameters want them. */
function templatePolicies(): ReadonlyMap<string, PolicyDocument> {
  const { AuditRole, ...optional } = parse(readFileSync(TEMPLATE, 'utf8')).Resources;
  const policies: { PolicyName: string; PolicyDocument: PolicyDocument }[] = [
    ...AuditRole.Properties.Policies,
    ...Object.values<{ Properties: never }>(optional).map(({ Properties }) => Properties),
  ];
  return new Map(policies.map(({ PolicyName, PolicyDocument: document }) => [PolicyName, document]));
}

/** moto lets any role of any account be assumed while it checks nothing. */
async function sessionIn(aws: Aws, accountId: string): Promise<Credentials> {
  const role = `arn:aws:iam::${accountId}:role/builder`;
  return sessionOf(await aws(ANYBODY, 'sts', 'assume-role', '--role-arn', role, '--role-session-name', 'builder'));
}

async function assumedRole(aws: Aws, hub: Credentials): Promise<Credentials> {
  return sessionOf(
    await aws(
      hub,
      'sts',
      'assume-role',
      '--role-arn',
      `arn:aws:iam::${MEMBER_ID}:role/${ROLE_NAME}`,
      '--role-session-name',
      'elbowroom',
      '--external-id',
      EXTERNAL_ID,
    ),
  );
}

function sessionOf(answer: unknown): Credentials {
  const { Credentials: keys } = answer as {
    Credentials: { AccessKeyId: string; SecretAccessKey: string; SessionToken: string };
  };
  return { accessKeyId: keys.AccessKeyId, secretAccessKey: keys.SecretAccessKey, sessionToken: keys.SessionToken };
}

/** A user of the hub who may do what its functions may: take on the role, and nothing else. */
async function hubUser(aws: Aws): Promise<Credentials> {
  const policy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: `arn:aws:iam::*:role/${ROLE_NAME}` }],
  };
  await aws(ANYBODY, 'iam', 'create-user', '--user-name', 'hub');
  await aws(
    ANYBODY,
    'iam',
    'put-user-policy',
    '--user-name',
    'hub',
    '--policy-name',
    'enter',
    '--policy-document',
    JSON.stringify(policy),
  );
  const { AccessKey } = (await aws(ANYBODY, 'iam', 'create-access-key', '--user-name', 'hub')) as {
    AccessKey: { AccessKeyId: string; SecretAccessKey: string };
  };
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
}

/** One of everything that is asked for: a cluster with a node group, a Fargate profile and an add-on, and an instance of it. */
async function buildMember(aws: Aws, member: Credentials): Promise<void> {
  const role = 'arn:aws:iam::222222222222:role/eks';
  const { Vpc } = (await aws(member, 'ec2', 'create-vpc', '--cidr-block', '10.0.0.0/16')) as { Vpc: { VpcId: string } };
  const { Subnet } = (await aws(
    member,
    'ec2',
    'create-subnet',
    '--vpc-id',
    Vpc.VpcId,
    '--cidr-block',
    '10.0.0.0/24',
  )) as { Subnet: { SubnetId: string } };
  await aws(
    member,
    'eks',
    'create-cluster',
    '--name',
    'prod',
    '--role-arn',
    role,
    '--resources-vpc-config',
    `subnetIds=${Subnet.SubnetId}`,
  );
  await aws(
    member,
    'eks',
    'create-nodegroup',
    '--cluster-name',
    'prod',
    '--nodegroup-name',
    'general',
    '--subnets',
    Subnet.SubnetId,
    '--node-role',
    role,
  );
  await aws(
    member,
    'eks',
    'create-fargate-profile',
    '--cluster-name',
    'prod',
    '--fargate-profile-name',
    'batch',
    '--pod-execution-role-arn',
    role,
    '--subnets',
    Subnet.SubnetId,
    '--selectors',
    'namespace=batch',
  );
  await aws(
    member,
    'ec2',
    'run-instances',
    '--image-id',
    'ami-12c6146b',
    '--instance-type',
    'm5.large',
    '--subnet-id',
    Subnet.SubnetId,
  );
}
