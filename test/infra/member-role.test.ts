import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { DISCOVERY_TABLE, FACT_TABLE, type FactRow, OPTIONAL_GROUPS } from '../../lib/collect/fact-table.ts';
import { collectAdvice } from '../../lib/domain/collect-advice.ts';
import { memberRoleTemplate } from '../../lib/local/member-role-template.ts';
import { commandOutput, hasCommand } from '../helpers/commands.ts';

const TEMPLATE = 'infra/member-role.yaml';

const Statement = z.object({ Effect: z.literal('Allow'), Action: z.array(z.string()), Resource: z.literal('*') });
const Policy = z.object({ PolicyName: z.string(), PolicyDocument: z.object({ Statement: z.array(Statement) }) });
const Template = z.looseObject({
  Parameters: z.record(z.string(), z.looseObject({ Default: z.string().optional() })),
  Conditions: z.record(
    z.string(),
    z.strictObject({ 'Fn::Equals': z.tuple([z.strictObject({ Ref: z.string() }), z.string()]) }),
  ),
  Resources: z
    .object({
      AuditRole: z.strictObject({
        Type: z.literal('AWS::IAM::Role'),
        Properties: z.looseObject({ AssumeRolePolicyDocument: z.unknown(), Policies: z.array(Policy) }),
      }),
    })
    .catchall(
      z.strictObject({
        Type: z.literal('AWS::IAM::Policy'),
        Condition: z.string(),
        Properties: Policy.extend({ Roles: z.tuple([z.strictObject({ Ref: z.literal('AuditRole') })]) }).strict(),
      }),
    ),
});

const template = Template.parse(parse(memberRoleTemplate()));
const {
  AuditRole: { Properties: role },
  ...optionalPolicies
} = template.Resources;
const ROWS: readonly FactRow[] = Object.values(FACT_TABLE);

/** What the role allows, as CloudFormation resolves the template with these parameters. */
function actionsWith(parameters: Readonly<Record<string, string>>): readonly string[] {
  const holds = (condition: string): boolean => {
    const [{ Ref: name }, wanted] = template.Conditions[condition]?.['Fn::Equals'] ?? [{ Ref: '' }, ''];
    return (parameters[name] ?? template.Parameters[name]?.Default) === wanted;
  };
  const policies = [
    ...role.Policies,
    ...Object.values(optionalPolicies).flatMap(({ Condition, Properties }) => (holds(Condition) ? [Properties] : [])),
  ];
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement.flatMap(({ Action }) => Action));
}

function actionsOf(group: string): readonly string[] {
  return ROWS.flatMap((row) => (row.group === group ? [row.action] : []));
}

describe('the template of the role in every account', () => {
  it('is what the table of facts says: run "npm run generate" where it is not', () => {
    expect(readFileSync(TEMPLATE, 'utf8')).toBe(memberRoleTemplate());
  });

  it('allows just the core where nothing else is asked for', () => {
    const core = [...new Set([DISCOVERY_TABLE.regions.action, ...actionsOf('core')])].sort();
    expect(actionsWith({})).toEqual(core);
    expect(core.filter((action) => !/^\w+:(Describe|List|Get)/.test(action))).toEqual([]);
  });

  it.each(Object.entries(OPTIONAL_GROUPS))('adds just the actions of %s by its parameter', (group, { parameter }) => {
    const added = [...new Set(actionsOf(group))].sort();
    expect(added.length).toBeGreaterThan(0);
    expect(actionsWith({ [parameter]: 'true' })).toEqual([...actionsWith({}), ...added]);
    expect(actionsWith({ [parameter]: 'false' })).toEqual(actionsWith({}));
    expect(added.filter((action) => !/^\w+:(Describe|List|Get)/.test(action))).toEqual([]);
  });

  it('has what may show secrets in no group beside anything else', () => {
    const isSensitive = (action: string) =>
      action === 'ec2:DescribeLaunchTemplateVersions' || /^(iam|cloudtrail|ssm|secretsmanager|logs|s3):/.test(action);
    const mixed = ['core', ...Object.keys(OPTIONAL_GROUPS)].filter(
      (group) => actionsOf(group).some(isSensitive) && !actionsOf(group).every(isSensitive),
    );
    expect(mixed).toEqual([]);
    expect(actionsOf('core').filter(isSensitive)).toEqual([]);
  });

  it('is named with its parameter where an action is not allowed', () => {
    const adviceOf = (action: string) =>
      collectAdvice({ action, code: 'access-denied', message: '', awsErrorName: undefined });
    for (const { action, group } of ROWS) {
      const parameter = group === 'core' ? undefined : OPTIONAL_GROUPS[group].parameter;
      expect(/parameter (\w+)=true/.exec(adviceOf(action) ?? '')?.[1], action).toBe(parameter);
    }
  });

  it('trusts three functions of the hub, with the external id, from within the organisation', () => {
    expect(role.AssumeRolePolicyDocument).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${HubAccountId}:root` } },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: { 'sts:ExternalId': { Ref: 'ExternalId' }, 'aws:PrincipalOrgID': { Ref: 'OrganizationId' } },
            ArnEquals: {
              'aws:PrincipalArn': ['PlanScan', 'ScanTarget', 'PulseTarget'].map((name) => ({
                'Fn::Sub': `arn:\${AWS::Partition}:iam::\${HubAccountId}:role/elbowroom-\${HubStage}-${name}`,
              })),
            },
          },
        },
      ],
    });
  });
});

describe.skipIf(!hasCommand('cfn-lint'))('cfn-lint: the template (skipped where cfn-lint is not on the PATH)', () => {
  it('is one that CloudFormation takes', async () => {
    const output = await commandOutput('sh', ['-c', `cfn-lint --format json ${TEMPLATE} || true`], {});
    const found = z
      .array(z.looseObject({ Rule: z.looseObject({ Id: z.string() }), Message: z.string() }))
      .parse(JSON.parse(output));
    // cfn-lint has not heard of this action: it is newer than its list, and its name is not verified against a real account.
    const unknownAction = /^'getmanagedresourcevisibility' is not one of/;
    expect(found.filter(({ Rule, Message }) => !(Rule.Id === 'W3037' && unknownAction.test(Message)))).toEqual([]);
    expect(found).toHaveLength(1);
  });
});
