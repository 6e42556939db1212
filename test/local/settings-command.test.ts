import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runSettings } from '../../lib/local/settings-command.ts';
import { parseSettings } from '../../lib/settings/parse-settings.ts';
import { defaultSettings, Settings } from '../../lib/settings/settings.ts';
import { settingsHash } from '../../lib/settings/settings-hash.ts';
import { settingsDocument } from '../settings/settings-document-of.ts';
import { createMemorySettings } from '../wiring/memory-settings-versions.ts';

const WRONG = JSON.stringify({ schemaVersion: 1, settings: { scop: {} }, source: 'scop: {}' });

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
    const put: { bucket: string; document: string }[] = [];
    const exitCode = await runSettings(
      argv,
      { stdout, stderr },
      {
        async put(bucket, document) {
          if (bucket === 'closed') {
            throw new Error('Access Denied');
          }
          put.push({ bucket, document });
          return 'v1';
        },
        versionsIn: () => shelf.versions,
      },
    );
    return { exitCode, stdout: stdout.read() ?? '', stderr: stderr.read() ?? '', put };
  }
  let shelf = createMemorySettings();
  beforeEach(() => {
    shelf = createMemorySettings();
  });

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

  it('puts a file that is right as JSON with its text, and says which version it is', async () => {
    expect(await run('put', right, '--bucket', 'elbowroom-settings')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/right\.yaml" is in "elbowroom-settings"\. It is version v1\.\n/),
      put: [{ bucket: 'elbowroom-settings', document: settingsDocument('# Ümlaut\n') }],
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

  it('says why a file that is right could not be put', async () => {
    expect(await run('put', right, '--bucket', 'closed')).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: 'Cannot put settings in "closed": Access Denied\n',
    });
  });

  it('shows the version that is in force, and its hash', async () => {
    await shelf.put(WRONG);
    await shelf.put(settingsDocument('# right\n'));
    expect(await run('show', '--bucket', 'b')).toEqual({
      exitCode: 0,
      stdout: `In force is version 2. What is judged under it is kept with the hash\n${settingsHash(defaultSettings())}\n`,
      stderr: '',
      put: [],
    });
  });

  it('gets the file that is in force as it was written, and nothing besides on stdout', async () => {
    const source = '# Ümlaut\r\nmetrics: { subnetsMax: 7 } # why';
    await shelf.put(settingsDocument(source));
    expect(await run('get', '--bucket', 'b')).toEqual({
      exitCode: 0,
      stdout: source,
      stderr: expect.stringMatching(
        /^In force is version 1\. What is judged under it is kept with the hash\n\w{64}\n$/,
      ),
      put: [],
    });
  });

  it('shows why the newest versions are not in force, and which one is', async () => {
    await shelf.put(settingsDocument('# right\n'));
    await shelf.put(WRONG);
    await shelf.put('scops: {}\n');
    const shown = await run('show', '--bucket', 'b');
    expect(shown).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('In force is version 1.') });
    expect(shown.stderr).toMatch(
      /^Refused: version 3: Cannot read the settings: it begins with "scops: .*, expected JSON that .*\nRefused: version 2: Cannot read "scop": .*\n$/,
    );
    expect(await run('get', '--bucket', 'b')).toMatchObject({ exitCode: 2, stdout: '# right\n' });
  });

  it.each([
    ['says something else', 'metrics: { subnetsMax: 8 }\n'],
    ['is wrong', 'metric: {}\n'],
  ])('notices that the source of what is in force %s: its settings count', async (_, source) => {
    const settings = { metrics: { subnetsMax: 7 } };
    await shelf.put(JSON.stringify({ schemaVersion: 1, settings, source }));
    const shown = await run('show', '--bucket', 'b');
    expect(shown).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^Its "source" is not the file/) });
    const got = await run('get', '--bucket', 'b');
    expect(got).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('the settings count') });
    expect(parseSettings(got.stdout)).toEqual({ ok: true, value: Settings.parse(settings) });
  });

  it('does not call a source another one for defaults that it spells out', async () => {
    await shelf.put(JSON.stringify({ schemaVersion: 1, settings: {}, source: 'owners: []\n' }));
    expect(await run('show', '--bucket', 'b')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('shows that those of the deployment are in force where no version is right, and where there is none', async () => {
    const none = 'No settings are in "b": those of the last deployment are in force\n';
    expect(await run('show', '--bucket', 'b')).toMatchObject({ exitCode: 0, stdout: none });
    expect(await run('get', '--bucket', 'b')).toMatchObject({ exitCode: 2, stdout: '', stderr: none });
    await shelf.put(WRONG);
    const noneRight = 'No version in "b" is right: the settings of the last deployment are in force\n';
    expect(await run('show', '--bucket', 'b')).toMatchObject({
      exitCode: 2,
      stdout: noneRight,
      stderr: expect.stringContaining('Refused: version 1: '),
    });
    expect(await run('get', '--bucket', 'b')).toMatchObject({ exitCode: 2, stdout: '' });
    await shelf.remove();
    expect(await run('show', '--bucket', 'b')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('says so where the bucket does not answer', async () => {
    shelf.failure = new Error('no such bucket');
    expect(await run('show', '--bucket', 'b')).toMatchObject({
      exitCode: 2,
      stderr: 'Cannot show settings in "b": no such bucket\n',
    });
  });

  it.each([
    [[], 'it is "", expected "check" with'],
    [['look'], 'it is "look", expected "check" with'],
    [['show'], 'or "show" or "get" with --bucket'],
    [['get'], 'or "show" or "get" with --bucket'],
    [['show', 'a', '--bucket', 'b'], 'or "show" or "get" with --bucket'],
    [['check', 'a', 'b'], 'at most one file'],
    [['put', 'a'], '"put" with at most one file and --bucket'],
    [['check', 'a', '--bucket', 'b'], 'it is "check a --bucket b", expected "check" with at most one file'],
    [['check', '--buckets', 'b'], "Unknown option '--buckets'"],
  ])('refuses the command line %j', async (argv, reason) => {
    const { exitCode, stderr, put } = await run(...argv);
    expect({ exitCode, put }).toEqual({ exitCode: 64, put: [] });
    expect(stderr).toContain(reason);
    expect(stderr).toContain('Usage: npm run settings');
  });
});
