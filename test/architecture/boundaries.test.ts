import { globSync, readFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findViolations, importsOf } from './imports.ts';
import { LAYERS } from './layers.ts';

const files = globSync('{events,functions,lib}/**/*.{ts,tsx}').sort();

describe('boundaries', () => {
  it('looks at real files of every layer', () => {
    for (const folder of Object.keys(LAYERS)) {
      expect(files.filter((file) => file.startsWith(`${folder}/`)).length, folder).toBeGreaterThan(0);
    }
  });

  it('lets no file import across a boundary', () => {
    expect(files.flatMap((file) => findViolations(file, readFileSync(file, 'utf8')))).toEqual([]);
  });

  it.each([
    ['a package', `import { EC2Client } from '@aws-sdk/client-ec2';`],
    ['a type-only import', `import type { AuditPorts } from '../audit/ports.ts';`],
    ['an inline type import', `import { type AuditPorts } from '../audit/ports.ts';`],
    ['a side-effect import', `import '../aws/clients.ts';`],
    ['a re-export', `export { auditAccounts } from '../audit/audit-accounts.ts';`],
    ['a star re-export', `export * from '../audit/audit-accounts.ts';`],
    ['a dynamic import', `const fs = import('node:fs');`],
    ['a dynamic import in a template', 'const fs = import(`node:fs`);'],
    ['a path that climbs out and back in', `import { x } from '../../lib/collect/subnets.ts';`],
  ])('would catch %s leaking into the domain', (_, source) => {
    expect(findViolations('lib/domain/seeded.ts', source)).toHaveLength(1);
  });

  it('would catch a folder that nobody declared', () => {
    expect(findViolations('lib/utils/seeded.ts', 'export {};')).toHaveLength(1);
  });

  it('would catch local code reached from below', () => {
    expect(findViolations('lib/wiring/seeded.ts', `import { x } from '../local/audit-table.ts';`)).toHaveLength(1);
  });

  it('would catch a function that reaches past the wiring', () => {
    expect(findViolations('functions/seeded.ts', `import { x } from '../lib/store/keys.ts';`)).toHaveLength(1);
    expect(findViolations('functions/seeded.ts', `import { x } from '../lib/wiring/lambda-stack.ts';`)).toEqual([]);
    expect(findViolations('events/seeded.ts', `import type { x } from '../lib/audit/slot.ts';`)).toHaveLength(1);
  });

  it('would catch a top-level folder that nobody declared', () => {
    expect(findViolations('scripts/seeded.ts', 'export {};')).toHaveLength(1);
  });

  it('would catch a collector that reaches past the ports', () => {
    expect(findViolations('lib/collect/seeded.ts', `import { x } from '../audit/judge-region.ts';`)).toHaveLength(1);
    expect(findViolations('lib/collect/seeded.ts', `import type { x } from '../audit/ports.ts';`)).toEqual([]);
  });

  it('lets a file import from its own folder and from an allowed one', () => {
    expect(
      findViolations('lib/audit/seeded.ts', `import { x } from './ports.ts'; import { y } from '../domain/fact.ts';`),
    ).toEqual([]);
  });
});

describe('import cycles', () => {
  it('finds none', () => {
    expect(findCycles(graphOf((file) => readFileSync(file, 'utf8'), files))).toEqual([]);
  });

  it('would find one', () => {
    const sources: Record<string, string> = {
      'lib/a/one.ts': `import './two.ts';`,
      'lib/a/two.ts': `import '../b/three.ts';`,
      'lib/b/three.ts': `import '../a/one.ts';`,
    };
    expect(findCycles(graphOf((file) => sources[file] ?? '', Object.keys(sources)))).not.toEqual([]);
  });
});

type Graph = ReadonlyMap<string, readonly string[]>;

function graphOf(read: (file: string) => string, of: readonly string[]): Graph {
  return new Map(
    of.map((file) => [
      file,
      importsOf(file, read(file))
        .filter((request) => request.startsWith('.'))
        .map((request) => posix.join(dirname(file), request)),
    ]),
  );
}

function findCycles(graph: Graph): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, trail: readonly string[]) => {
    if (trail.includes(file)) {
      cycles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
      return;
    }
    if (!done.has(file)) {
      for (const next of graph.get(file) ?? []) {
        visit(next, [...trail, file]);
      }
      done.add(file);
    }
  };
  for (const file of graph.keys()) {
    visit(file, []);
  }
  return cycles;
}
