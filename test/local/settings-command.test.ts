import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSettings } from '../../lib/local/settings-command.ts';
import { defaultSettings } from '../../lib/settings/settings.ts';
import { settingsHash } from '../../lib/settings/settings-hash.ts';

describe('npm run settings', () => {
  let folder = '';
  let right = '';
  let wrong = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'elbowroom-settings-command-'));
    right = join(folder, 'right.yaml');
    wrong = join(folder, 'wrong.yaml');
    await writeFile(right, '# Ümlaut\n');
    await writeFile(wrong, '\nscop: {}\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function run(...argv: readonly string[]) {
    const stdout = new PassThrough({ encoding: 'utf8' });
    const stderr = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: false });
    const put: { bucket: string; text: string }[] = [];
    const exitCode = await runSettings(argv, { stdout, stderr }, async (bucket, text) => {
      put.push({ bucket, text });
      return 'v1';
    });
    return { exitCode, stdout: stdout.read() ?? '', stderr: stderr.read() ?? '', put };
  }

  it('says that a file is right, and its hash', async () => {
    expect(await run('check', right)).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining(settingsHash(defaultSettings())),
      stderr: '',
      put: [],
    });
  });

  it('checks the file of the working directory where none is named', async () => {
    expect(await run('check')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('puts a file that is right as it is, and says which version it is', async () => {
    expect(await run('put', right, '--bucket', 'elbowroom-settings')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/right\.yaml" is in "elbowroom-settings"\. It is version v1\.\n/),
      put: [{ bucket: 'elbowroom-settings', text: '# Ümlaut\n' }],
    });
  });

  it.each(['check', 'put'])('refuses one that is wrong with its line and reason: %s', async (verb) => {
    expect(await run(verb, wrong, ...(verb === 'put' ? ['--bucket', 'elbowroom-settings'] : []))).toEqual({
      exitCode: 64,
      stdout: '',
      stderr: expect.stringContaining(`${wrong}:2:1: Cannot read "scop": there is no such key`),
      put: [],
    });
  });

  it('does not take a file that is absent for an empty one', async () => {
    const absent = join(folder, 'absent.yaml');
    expect(await run('put', absent, '--bucket', 'elbowroom-settings')).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining(`Cannot read the settings "${absent}": ENOENT`),
      put: [],
    });
  });

  it.each([
    [[], 'expected "check" or "put"'],
    [['show'], 'it is "show", expected "check" or "put"'],
    [['check', 'a', 'b'], 'at most one file'],
    [['put', 'a'], 'Cannot put settings: --bucket is not given'],
    [['check', 'a', '--bucket', 'b'], 'Cannot check settings: --bucket is b'],
    [['check', '--buckets', 'b'], "Unknown option '--buckets'"],
  ])('refuses the command line %j', async (argv, reason) => {
    const { exitCode, stderr, put } = await run(...argv);
    expect({ exitCode, put }).toEqual({ exitCode: 64, put: [] });
    expect(stderr).toContain(reason);
    expect(stderr).toContain('Usage: npm run settings');
  });
});
