import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { DISCOVERY_TABLE, FACT_TABLE } from '../../lib/collect/fact-table.ts';
import { ENTERING_FUNCTIONS, memberRoleTemplate } from '../../lib/local/member-role-template.ts';
import { commandOutput, hasCommand } from '../helpers/commands.ts';

const TEMPLATE = 'infra/member-role.yaml';

const Statement = z.object({ Effect: z.literal('Allow'), Action: z.array(z.string()), Resource: z.literal('*') });
const Policy = z.object({ PolicyName: z.string(), PolicyDocument: z.object({ Statement: z.array(Statement) }) });
const Template = z.looseObject({
  Resources: z.strictObject({
    AuditRole: z.looseObject({
      Properties: z.looseObject({
        AssumeRolePolicyDocument: z.unknown(),
        Policies: z.tuple([Policy, z.object({ 'Fn::If': z.tuple([z.string(), Policy, z.unknown()]) })]),
      }),
    }),
  }),
});

const { Properties: role } = Template.parse(parse(memberRoleTemplate())).Resources.AuditRole;

describe('the template of the role in every account', () => {
  it('is what the table of facts says: run "npm run generate" where it is not', () => {
    expect(readFileSync(TEMPLATE, 'utf8')).toBe(memberRoleTemplate());
  });

  it('allows just what is asked for, and the network posture only where it is wanted', () => {
    const actionsOf = ({ PolicyDocument }: z.infer<typeof Policy>) =>
      PolicyDocument.Statement.flatMap(({ Action }) => Action);
    const rows = Object.values(FACT_TABLE);
    const asked = (group: string) => rows.flatMap((row) => (row.group === group ? [row.action] : []));
    const [
      core,
      {
        'Fn::If': [condition, posture],
      },
    ] = role.Policies;
    expect(actionsOf(core)).toEqual([...new Set([DISCOVERY_TABLE.regions.action, ...asked('core')])].sort());
    expect(condition).toBe('HasNetworkPosture');
    expect(actionsOf(posture)).toEqual([...new Set(asked('network-posture'))].sort());
    expect(
      [...actionsOf(core), ...actionsOf(posture)].filter((action) => !/^\w+:(Describe|List|Get)/.test(action)),
    ).toEqual([]);
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
              'aws:PrincipalArn': ENTERING_FUNCTIONS.map((name) => ({
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
