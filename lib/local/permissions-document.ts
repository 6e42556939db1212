import { EVERY_FUNCTION_GRANTS, FUNCTION_GRANTS, type Grant, type GrantedResource } from '../../infra/grants.ts';
import { DISCOVERY_TABLE, FACT_TABLE, type FactRow, OPTIONAL_GROUPS } from '../collect/fact-table.ts';

/** What a grant is on, as an ARN shows it; `<hub>` is the account, and `…` the letters that SST adds to names. */
const ARNS: Readonly<Record<Exclude<GrantedResource, `secret:${string}`>, string>> = {
  table: 'arn:aws:dynamodb:<region>:<hub>:table/elbowroom-<stage>-TableTable-…',
  'settings-object': 'arn:aws:s3:::elbowroom-<stage>-settingsbucket-…/elbowroom.settings.json',
  'settings-bucket': 'arn:aws:s3:::elbowroom-<stage>-settingsbucket-…',
  'scan-queue': 'arn:aws:sqs:<region>:<hub>:elbowroom-<stage>-ScanQueue-…',
  'pulse-queue': 'arn:aws:sqs:<region>:<hub>:elbowroom-<stage>-PulseQueue-…',
  'judge-queue': 'arn:aws:sqs:<region>:<hub>:elbowroom-<stage>-JudgeQueue-….fifo',
  'event-dead-letters': 'arn:aws:sqs:<region>:<hub>:elbowroom-<stage>-EventDeadLettersQueue-…',
  bus: 'arn:aws:events:<region>:<hub>:event-bus/elbowroom-<stage>-BusBus-…',
  'mail-topic': 'arn:aws:sns:<region>:<hub>:elbowroom-<stage>-AlertMailsTopic-…',
  'member-role': 'arn:aws:iam::*:role/elbowroom-audit',
  organization: '*',
  'own-log': 'arn:aws:logs:<region>:<hub>:log-group:/aws/lambda/elbowroom-<stage>-<function>:*',
};
const SECRET_ARN = 'arn:aws:ssm:<region>:<hub>:parameter/elbowroom/<stage>/<name>';

/** Returns `docs/permissions.md`: what Elbowroom asks AWS for, and the policies that allow just that. */
export function permissionsDocument(): string {
  const rows: readonly FactRow[] = Object.values(FACT_TABLE);
  const core = rows.filter(({ group }) => group === 'core');
  return `# Permissions

<!-- Made by "npm run generate" from lib/collect/fact-table.ts and infra/grants.ts. -->

In the accounts that it audits Elbowroom only reads. What an account does not allow is not seen, and said so; the rest goes on.

## In every audited account

The role that \`--role-name\` names, which trusts the account the audit runs from and asks for your external id. Without a role
(\`--accounts current\`) the credentials of the environment need the same.

| action | fact | asked | lost without it |
| --- | --- | --- | --- |
| \`${DISCOVERY_TABLE.regions.action}\` | regions | once an account | ${DISCOVERY_TABLE.regions.why} |
${core.map(tableRow).join('\n')}

\`\`\`json
${policy([DISCOVERY_TABLE.regions.action, ...core.map(({ action }) => action)])}
\`\`\`

${Object.entries(OPTIONAL_GROUPS)
  .map(([group, { parameter }]) =>
    groupSection(
      parameter,
      rows.filter((row) => row.group === group),
    ),
  )
  .join('\n\n')}

Where it is not allowed, it is asked no more often than where it is, and the coverage of each run says so and which parameter would
allow it.

Nothing that may show secrets is asked for: no user data of launch templates, no IAM policies, no CloudTrail events.

EC2 does not scope these actions to resources. A service control policy or a permissions boundary can still deny any of them:
that fact alone is then not seen.

## In the account the audit runs from

What \`npm run audit\` asks besides. Deployed, only the functions below may.

| action | why |
| --- | --- |
${[DISCOVERY_TABLE.callerIdentity, DISCOVERY_TABLE.accounts, DISCOVERY_TABLE.assumeRole].map(({ action, why }) => `| \`${action}\` | ${why} |`).join('\n')}

## In the hub

Each function of a deployment has a role of its own, which allows what is listed here and nothing else; what it is on is explained at
the end. Nothing has a policy that AWS manages, nothing may do \`*\`, and each secret has one reader.

${Object.entries(FUNCTION_GRANTS)
  .map(([name, grants]) => grantsSection(name, grants))
  .join('\n\n')}

${grantsSection('Every function', EVERY_FUNCTION_GRANTS)}

### The Scheduler

Each schedule has a role that allows \`lambda:InvokeFunction\` on the function that it starts and \`sqs:SendMessage\` on
\`event-dead-letters\`, where it puts what it could not start. The API and the bus are let in by each function that they call.

### What it is on

| name | ARN |
| --- | --- |
${Object.entries(ARNS)
  .map(([name, arn]) => `| \`${name}\` | \`${arn}\` |`)
  .join('\n')}
| \`secret:<name>\` | \`${SECRET_ARN}\` |

\`organizations:ListAccounts\` knows no resources. Parameters are encrypted with \`alias/aws/ssm\`, the key of AWS whose policy lets those
decrypt who may read the parameter; with a key of your own, its policy has to let the reader do \`kms:Decrypt\`.
`;
}

function groupSection(parameter: string, rows: readonly FactRow[]): string {
  return `### With \`${parameter}\`

A parameter of the template, \`false\` unless the account wants it, which adds

| action | fact | asked | lost without it |
| --- | --- | --- | --- |
${rows.map(tableRow).join('\n')}`;
}

function tableRow({ fact, action, cadence, lostWithoutIt }: FactRow): string {
  return `| \`${action}\` | ${fact} | ${cadence.replace('-', ' ')} | ${lostWithoutIt} |`;
}

function policy(actions: readonly string[]): string {
  const statement = { Effect: 'Allow', Action: [...new Set(actions)].sort(), Resource: '*' };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, undefined, 2);
}

function grantsSection(name: string, grants: readonly Grant[]): string {
  const rows = grants.map(
    ({ actions, on, why, lostWithoutIt }) => `| ${codes(actions)} | ${codes(on)} | ${why} | ${lostWithoutIt} |`,
  );
  return `### ${name}\n\n| action | on | why | lost without it |\n| --- | --- | --- | --- |\n${rows.join('\n')}`;
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
