import { DISCOVERY_TABLE, FACT_TABLE, type FactRow } from '../collect/fact-table.ts';

/** Returns `docs/permissions.md`: what Elbowroom asks AWS for, and the policies that allow just that. */
export function permissionsDocument(): string {
  const rows: readonly FactRow[] = Object.values(FACT_TABLE);
  return `# Permissions

<!-- Made by "npm run generate" from lib/collect/fact-table.ts. -->

Elbowroom only reads. What an account does not allow is not seen, and said so; the rest goes on.

## In every audited account

The role that \`--role-name\` names, which trusts the account the audit runs from and asks for your external id. Without a role
(\`--accounts current\`) the credentials of the environment need the same.

| action | fact | asked | lost without it |
| --- | --- | --- | --- |
| \`${DISCOVERY_TABLE.regions.action}\` | regions | once an account | ${DISCOVERY_TABLE.regions.why} |
${rows.map(tableRow).join('\n')}

\`\`\`json
${policy([DISCOVERY_TABLE.regions.action, ...rows.map(({ action }) => action)])}
\`\`\`

EC2 does not scope these actions to resources. A service control policy or a permissions boundary can still deny any of them:
that fact alone is then not seen.

## In the account the audit runs from

| action | why |
| --- | --- |
${[DISCOVERY_TABLE.callerIdentity, DISCOVERY_TABLE.accounts, DISCOVERY_TABLE.assumeRole].map(({ action, why }) => `| \`${action}\` | ${why} |`).join('\n')}
`;
}

function tableRow({ fact, action, cadence, lostWithoutIt }: FactRow): string {
  return `| \`${action}\` | ${fact} | ${cadence.replace('-', ' ')} | ${lostWithoutIt} |`;
}

function policy(actions: readonly string[]): string {
  const statement = { Effect: 'Allow', Action: [...new Set(actions)].sort(), Resource: '*' };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, undefined, 2);
}
