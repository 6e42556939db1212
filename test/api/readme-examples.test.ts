import { readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandOutput, hasCommand } from '../helpers/commands.ts';
import { type RunningService, startedService } from '../local/service/running-service.ts';

/** A folder with openapi-typescript, openapi-fetch and typescript 5 in it: `.ci/run` installs them. */
const TOOLS = process.env['ELBOWROOM_CLIENT_TOOLS'];
const README = readFileSync('README.md', 'utf8');
const ORIGIN = 'localhost:4400';
const SHORT = /^(?:exhausted|critical)$/;

let folder: string;
let service: RunningService;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elbowroom-examples-'));
  await mkdir(join(folder, 'service'));
  service = await startedService(join(folder, 'service'), []);
}, 120_000);
afterAll(async () => {
  await service?.stop('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

/** Returns the code of README that begins with `start`, asking the service that runs here. */
function exampleOf(start: string): string {
  const example = README.split('```').find((part) => part.startsWith(start));
  if (example === undefined) {
    throw new Error(`README has no example that begins with ${JSON.stringify(start)}`);
  }
  return example.slice(example.indexOf('\n')).replaceAll(ORIGIN, new URL(service.url).host);
}

describe.skipIf(!hasCommand('curl'))('curl (skipped where it is not on the PATH)', () => {
  it('does what README shows', async () => {
    const script = exampleOf('\ncurl ').replaceAll('curl -s', 'curl -sS --fail-with-body');
    const answers = (await commandOutput('sh', ['-ec', script.replaceAll(/^curl/gm, 'echo; curl')], {}))
      .trim()
      .split('\n');
    const [fleet, subnets, address, cluster, run, ...metrics] = answers.filter((line) => line !== '');
    expect(JSON.parse(fleet ?? '')).toMatchObject({ totals: { clusterCount: 21 } });
    expect(JSON.parse(subnets ?? '')).toHaveProperty('items.0.status', expect.stringMatching(SHORT));
    expect(JSON.parse(address ?? '')).toMatchObject({ matchCount: 1, items: [{ cidrBlock: '10.25.2.0/24' }] });
    expect(JSON.parse(cluster ?? '')).toMatchObject({ clusterName: 'search-prod' });
    expect(JSON.parse(run ?? '')).toMatchObject({ kind: 'request', targetsExpected: 1 });
    expect(metrics.at(-1)).toBe('# EOF');
  });
});

describe.skipIf(TOOLS === undefined)('client (skipped where ELBOWROOM_CLIENT_TOOLS names no folder)', () => {
  it('with types made of docs/openapi.json compiles, and does what README shows', async () => {
    const modules = join(TOOLS ?? '', 'node_modules');
    await symlink(modules, join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await copyFile('docs/openapi.json', join(folder, 'openapi.json'));
    const of = (name: string) => join(folder, name);
    await commandOutput(join(modules, '.bin/openapi-typescript'), [of('openapi.json'), '-o', of('elbowroom.d.ts')], {});
    await writeFile(of('client.ts'), exampleOf('ts\n'));
    const flags = ['--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2024'];
    await commandOutput(join(modules, '.bin/tsc'), [...flags, '--lib', 'es2024,dom,dom.iterable', of('client.ts')], {});
    const printed = (await commandOutput(process.execPath, [of('client.js')], {})).trim().split('\n');
    expect(printed.length).toBeGreaterThan(0);
    for (const line of printed) {
      expect(line).toMatch(/^subnet-\w+ (?:exhausted|critical) \d+ /);
    }
  }, 120_000);
});
