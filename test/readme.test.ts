import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const readme = readFileSync('README.md', 'utf8');

describe('README', () => {
  it('shows what the audit of the simulated organisation prints, line by line', () => {
    const sample = /```\n(Elbowroom audit[\s\S]*?)\n```/.exec(readme)?.[1]?.split('\n') ?? [];
    const printed = readFileSync('test/golden/audit-table.txt', 'utf8').split('\n');
    expect(sample.length).toBeGreaterThan(15);
    let from = 0;
    for (const line of sample.filter((text) => text !== '…')) {
      const at = printed.indexOf(line, from);
      expect(at, `"${line}" after line ${from}: take it from test/golden/audit-table.txt`).toBeGreaterThanOrEqual(from);
      from = at + 1;
    }
  });

  it('names files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'));
    const named = [...readme.matchAll(/npm run ([\w-]+)/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
