import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elbowroom-chart-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('finds what it draws with beside a bundle, as functions are deployed', async () => {
  // As infra/lambda-function.ts has it bundled.
  await build({
    entryPoints: [join(ROOT, 'lib/wiring/render-chart.ts')],
    outfile: join(folder, 'bundle.cjs'),
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    external: ['@resvg/resvg-wasm'],
    logLevel: 'error',
  });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const script = `require('./bundle.cjs').renderChart('<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>')
    .then((png) => process.stdout.write(Buffer.from(png).toString('latin1', 1, 4)))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: folder });
  expect(stdout).toBe('PNG');
}, 30_000);
