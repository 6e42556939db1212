import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FACT_TABLE, OPTIONAL_GROUPS } from '../../lib/collect/fact-table.ts';
import { permissionsDocument } from '../../lib/local/permissions-document.ts';

describe('docs/permissions.md', () => {
  it('is what the table of facts says: run "npm run generate" where it is not', () => {
    expect(readFileSync('docs/permissions.md', 'utf8')).toBe(permissionsDocument());
  });

  it('has the policy of the core, which writes nothing', () => {
    const policy: { Statement: { Action: string[] }[] } = JSON.parse(
      /```json\n([\s\S]*?)\n```/.exec(permissionsDocument())?.[1] ?? '',
    );
    const allowed = policy.Statement.flatMap(({ Action }) => Action);
    const core = Object.values(FACT_TABLE).flatMap(({ group, action }) => (group === 'core' ? [action] : []));
    expect(allowed).toEqual([...new Set(['ec2:DescribeRegions', ...core])].sort());
    expect(allowed.filter((action) => !/^\w+:(Describe|List|Get)/.test(action))).toEqual([]);
  });

  it('has every action of the table, those of a group under its parameter', () => {
    const [core = '', ...groups] =
      permissionsDocument().split('## In the account the audit runs from')[0]?.split('### ') ?? [];
    for (const { action, group } of Object.values(FACT_TABLE)) {
      const section =
        group === 'core'
          ? core
          : groups.find((text) => text.startsWith(`With \`${OPTIONAL_GROUPS[group].parameter}\``));
      expect(section, action).toContain(`| \`${action}\` |`);
    }
  });
});
