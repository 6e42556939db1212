import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FACT_TABLE } from '../../lib/collect/fact-table.ts';
import { permissionsDocument } from '../../lib/local/permissions-document.ts';

describe('docs/permissions.md', () => {
  it('is what the table of facts says: run "npm run generate" where it is not', () => {
    expect(readFileSync('docs/permissions.md', 'utf8')).toBe(permissionsDocument());
  });

  it('allows every action of the table and nothing that writes', () => {
    const policy: { Statement: { Action: string[] }[] } = JSON.parse(
      /```json\n([\s\S]*?)\n```/.exec(permissionsDocument())?.[1] ?? '',
    );
    const allowed = policy.Statement.flatMap(({ Action }) => Action);
    expect(allowed).toEqual(
      [...new Set(['ec2:DescribeRegions', ...Object.values(FACT_TABLE).map(({ action }) => action)])].sort(),
    );
    expect(allowed.filter((action) => !/^\w+:(Describe|List|Get)/.test(action))).toEqual([]);
  });
});
