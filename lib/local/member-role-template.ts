import { stringify } from 'yaml';
import { FUNCTION_GRANTS, type Grant } from '../../infra/grants.ts';
import { DISCOVERY_TABLE, FACT_TABLE, type FactRow, OPTIONAL_GROUPS } from '../collect/fact-table.ts';

const LINE_WIDTH = 120;

/**
 * Returns the CloudFormation template of the role that Elbowroom takes on in every account: for a service-managed StackSet, and as
 * a plain stack in the management account, which such StackSets leave out. It allows what the table of facts asks for, and
 * nothing that writes. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs.html
 */
export function memberRoleTemplate(): string {
  const rows: readonly FactRow[] = Object.values(FACT_TABLE);
  const actionsOf = (group: string): readonly string[] =>
    rows.filter((row) => row.group === group).map(({ action }) => action);
  const groups = Object.entries(OPTIONAL_GROUPS).map(([name, { parameter, purpose }]) => ({
    parameter,
    purpose,
    condition: `Has${parameter}`,
    policy: policy(name, actionsOf(name)),
  }));
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'The read-only role by which Elbowroom audits the IP headroom of EKS clusters in this account',
    Parameters: {
      HubAccountId: parameter('The account that Elbowroom is deployed in', '^\\d{12}$'),
      HubStage: parameter('The stage that it is deployed as', '^[A-Za-z][A-Za-z0-9-]{0,31}$', 'production'),
      ExternalId: parameter('The external id that the deployment printed', '^[\\w+=,.@:/-]{2,1224}$'),
      OrganizationId: parameter('The id of the organisation', '^o-[a-z0-9]{10,32}$'),
      RoleName: parameter('The name of the role, the same in every account', '^[\\w+=,.@-]{1,64}$', 'elbowroom-audit'),
      ...Object.fromEntries(
        groups.map(({ parameter, purpose }) => [parameter, choice(`Whether it may ${purpose} too`)]),
      ),
    },
    Conditions: Object.fromEntries(
      groups.map(({ parameter, condition }) => [condition, { 'Fn::Equals': [{ Ref: parameter }, 'true'] }]),
    ),
    Resources: {
      AuditRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: { Ref: 'RoleName' },
          Description: 'Read by Elbowroom; made by its template',
          AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust()] },
          Policies: [policy('core', [DISCOVERY_TABLE.regions.action, ...actionsOf('core')])],
        },
      },
      ...Object.fromEntries(
        groups.map(({ parameter, condition, policy: ofGroup }) => [
          `${parameter}Policy`,
          {
            Type: 'AWS::IAM::Policy',
            Condition: condition,
            Properties: { ...ofGroup, Roles: [{ Ref: 'AuditRole' }] },
          },
        ]),
      ),
    },
    Outputs: { RoleArn: { Value: { 'Fn::GetAtt': ['AuditRole', 'Arn'] } } },
  };
  const note = '# Made by "npm run generate" from lib/collect/fact-table.ts and infra/grants.ts.\n';
  return (
    note +
    stringify(template, {
      lineWidth: LINE_WIDTH,
      aliasDuplicateObjects: false,
      // A date without quotes is no text to every reader of YAML.
      defaultStringType: 'QUOTE_DOUBLE',
      defaultKeyType: 'PLAIN',
    })
  );
}

function parameter(description: string, pattern: string, preset?: string) {
  const given = { Type: 'String', Description: description, AllowedPattern: pattern };
  return preset === undefined ? given : { ...given, Default: preset };
}

function choice(description: string) {
  return { Type: 'String', Description: description, AllowedValues: ['true', 'false'], Default: 'false' };
}

/**
 * The functions that may take on the role, and only with the external id and from within the organisation. The role of each function
 * is called after it: `infra/lambda-function.ts`.
 */
function trust() {
  const functions: readonly (readonly [string, readonly Grant[]])[] = Object.entries(FUNCTION_GRANTS);
  const entering = functions.filter(([, grants]) => grants.some(({ on }) => on.includes('member-role')));
  return {
    Effect: 'Allow',
    Principal: { AWS: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${HubAccountId}:root` } },
    Action: 'sts:AssumeRole',
    Condition: {
      StringEquals: { 'sts:ExternalId': { Ref: 'ExternalId' }, 'aws:PrincipalOrgID': { Ref: 'OrganizationId' } },
      ArnEquals: {
        'aws:PrincipalArn': entering.map(([name]) => ({
          'Fn::Sub': `arn:\${AWS::Partition}:iam::\${HubAccountId}:role/elbowroom-\${HubStage}-${name}`,
        })),
      },
    },
  };
}

/** EC2 and EKS scope none of their listings to resources. */
function policy(name: string, actions: readonly string[]) {
  const statement = { Effect: 'Allow', Action: [...new Set(actions)].sort(), Resource: '*' };
  return { PolicyName: name, PolicyDocument: { Version: '2012-10-17', Statement: [statement] } };
}
