import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convertSettings } from '../../lib/settings/convert-settings.ts';
import { parseSettings } from '../../lib/settings/parse-settings.ts';
import { printSettings } from '../../lib/settings/print-settings.ts';
import { defaultSettings } from '../../lib/settings/settings.ts';
import { parseSettingsDocument } from '../../lib/settings/settings-document.ts';
import { settings } from './arbitrary-settings.ts';
import { settingsDocument } from './settings-document-of.ts';

function documentWith(changes: object): string {
  return JSON.stringify({ schemaVersion: 1, settings: {}, source: '', ...changes });
}

function problemsOf(text: string) {
  const document = parseSettingsDocument(text);
  return document.ok ? [] : document.error;
}

describe('a settings document', () => {
  it('gives the settings that its file gives, and the file as it was written', () => {
    fc.assert(
      fc.property(settings, fc.string({ unit: 'binary' }), (value, comment) => {
        // No line of a comment may end early, or hold what YAML has no place for.
        const source = `# ${JSON.stringify(comment)}\n${printSettings(value)}`;
        expect(parseSettingsDocument(settingsDocument(source))).toEqual({
          ok: true,
          value: { settings: value, source },
        });
      }),
    );
  });

  it.each([
    ['an empty file', ''],
    ['comments alone', '# ümlaut 🐘\r\n'],
    ['an empty document', '---\n'],
    ['a byte order mark', '\uFEFFowners: []\n'],
    ['an account id without quotes', 'scope: {accounts: {include: [012345678901]}}'],
    [
      'numbers as YAML alone writes them',
      'metrics: {subnetsMax: 0o17}\nthresholds: {freeRatioWarning: +.25, loadBalancerAddresses: 0x1F}',
    ],
    ['text that JSON escapes', 'owners: [{match: {account: "111122223333"}, team: "a\\"\\\\\\u0007ü"}]'],
  ])('gives the same for %s', (_, source) => {
    const written = parseSettings(source);
    expect(written).toMatchObject({ ok: true });
    expect(parseSettingsDocument(settingsDocument(source))).toEqual({
      ok: true,
      value: { settings: written.ok && written.value, source },
    });
  });

  it('says only what the file says: what it leaves out is the default of whoever reads it', () => {
    const document = JSON.parse(settingsDocument('metrics: {subnetsMax: 7}'));
    expect(document).toEqual({
      schemaVersion: 1,
      settings: { metrics: { subnetsMax: 7 } },
      source: 'metrics: {subnetsMax: 7}',
    });
  });

  it('is not made of a file that is wrong', () => {
    expect(convertSettings('owners: []\nscop: {}')).toMatchObject({
      ok: false,
      error: [{ code: 'unknown-key', line: 2, column: 1, path: 'scop' }],
    });
  });

  it('counts for what its settings say, whatever its source does', () => {
    expect(parseSettingsDocument(documentWith({ source: 'metrics: {subnetsMax: 7}' }))).toEqual({
      ok: true,
      value: { settings: defaultSettings(), source: 'metrics: {subnetsMax: 7}' },
    });
  });

  it.each([
    ['nothing', '', { code: 'not-json', path: '', current: 'it is empty' }],
    [
      'YAML',
      'scope:\n  regions: {}\n',
      { code: 'not-json', path: '', current: 'it begins with "scope:\\u000a  regions: {}\\u000a"' },
    ],
    ['half a document', documentWith({}).slice(0, -1), { code: 'not-json', path: '' }],
    ['a list', '[]', { path: '', current: 'it is an empty list', expected: 'a map' }],
    ['null', 'null', { path: '', current: 'it is empty', expected: 'a map' }],
    [
      'a version that is not known',
      documentWith({ schemaVersion: 2 }),
      { path: 'schemaVersion', current: 'current value is 2', expected: expect.stringMatching(/^1, as /) },
    ],
    ['a version as text', documentWith({ schemaVersion: '1' }), { path: 'schemaVersion', code: 'not-allowed' }],
    ['no source', documentWith({ source: undefined }), { code: 'missing-key', path: 'source' }],
    [
      'a key beside the settings',
      documentWith({ scope: {} }),
      { code: 'unknown-key', path: 'scope', expected: 'one of schemaVersion, settings, source' },
    ],
    [
      'no settings',
      documentWith({ settings: undefined }),
      { path: 'settings', current: 'it is absent', expected: 'a map' },
    ],
    ['empty settings', documentWith({ settings: null }), { path: '', current: 'it is empty', expected: 'a map' }],
    [
      'a setting that is not known',
      documentWith({ settings: { notifications: { slack: { channel: '#a' } } } }),
      { code: 'unknown-key', path: 'notifications.slack.channel', current: 'there is no such key' },
    ],
    [
      'a setting that is wrong',
      documentWith({ settings: { thresholds: { freeRatioWarning: 2 } } }),
      { path: 'thresholds.freeRatioWarning', current: 'current value is 2', expected: 'a number from 0 to 1' },
    ],
    [
      'an account id as a number',
      documentWith({ settings: { scope: { accounts: { include: [111122223333] } } } }),
      { path: 'scope.accounts.include[0]', current: 'current value is 111122223333' },
    ],
    [
      'a key named __proto__',
      '{"schemaVersion":1,"source":"","settings":{"__proto__":{"owners":[]}}}',
      { code: 'unknown-key', path: '__proto__' },
    ],
  ])('is refused: %s', (_, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject(expected);
  });

  it('that somebody wrote by hand is refused with what it lacks', () => {
    expect(problemsOf('{"owners": []}').map(({ code, path }) => [code, path])).toEqual([
      ['missing-key', 'schemaVersion'],
      ['missing-key', 'settings'],
      ['missing-key', 'source'],
      ['unknown-key', 'owners'],
    ]);
  });

  it('is refused with a hundred problems at the most', () => {
    const owners = Array.from({ length: 101 }, () => 'a');
    expect(problemsOf(documentWith({ settings: { owners: owners.slice(1) } }))).toHaveLength(100);
    expect(problemsOf(documentWith({ settings: { owners } }))).toHaveLength(100);
    expect(problemsOf(JSON.stringify(Object.fromEntries(owners.map((_, index) => [index, 1]))))).toHaveLength(100);
  });

  it('answers any JSON with settings or problems', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const document = parseSettingsDocument(documentWith({ settings: JSON.parse(json) }));
        expect(document.ok ? [] : document.error).not.toContainEqual(expect.objectContaining({ current: '' }));
        expect(problemsOf(json)).not.toEqual([]);
      }),
    );
  });

  it('answers lists inside each other without end', () => {
    expect(problemsOf('['.repeat(1_000_000))).toMatchObject([{ code: 'not-json' }]);
    expect(problemsOf(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`)).toMatchObject([
      { current: 'it is a list of 1', expected: 'a map' },
    ]);
  });
});
