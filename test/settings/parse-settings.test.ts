import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../lib/settings/parse-settings.ts';
import { printSettings } from '../../lib/settings/print-settings.ts';
import { defaultSettings, type Settings } from '../../lib/settings/settings.ts';
import { type PlacedProblem, placedProblemsText } from '../../lib/settings/settings-problem.ts';
import { expectGolden } from '../helpers/golden.ts';
import { settings } from './arbitrary-settings.ts';

function problemsOf(text: string): readonly PlacedProblem[] {
  const parsed = parseSettings(text);
  return parsed.ok ? [] : parsed.error;
}

function settingsOf(text: string): Settings {
  const parsed = parseSettings(text);
  if (!parsed.ok) {
    throw new Error(placedProblemsText('settings', parsed.error));
  }
  return parsed.value;
}

describe('parseSettings', () => {
  it.each([
    ['an empty file', ''],
    ['space and line ends', ' \n\n'],
    ['comments alone', '# nothing\n'],
    ['an empty document', '---\n'],
    ['null', '~'],
    ['an empty map', '{}'],
    ['a byte order mark', '\uFEFF'],
  ])('takes %s for the defaults', (_, text) => {
    expect(settingsOf(text)).toEqual(defaultSettings());
  });

  it('fills in what a file leaves out', () => {
    const expected = defaultSettings();
    expected.scope.regions.exclude = ['eu-south-2'];
    expected.thresholds.freeRatioWarning = 0.2;
    expect(settingsOf('scope: {regions: {exclude: [eu-south-2]}}\nthresholds: {freeRatioWarning: 0.2}')).toEqual(
      expected,
    );
  });

  it('reads what it prints', () => {
    fc.assert(
      fc.property(settings, (value) => {
        expect(settingsOf(printSettings(value))).toEqual(value);
      }),
    );
  });

  it('answers any text with settings or problems that stand somewhere in it', () => {
    const pieces = fc.constantFrom(
      'scope',
      ':',
      ' ',
      '\n',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '*',
      '&a',
      '!!x',
      '"',
      "'",
      '#',
      '|',
      '?',
      '~',
      '1',
      '\t',
      '%',
      '<<',
      'é',
      '\uD800',
      '---\n',
      'owners',
      '__proto__',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        const lines = text.split('\n');
        for (const { line, column, current, expected } of problemsOf(text)) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
          expect(current).not.toBe('');
          expect(expected).not.toBe('');
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('prints a list that stands in two places twice', () => {
    const accountIds = ['111122223333'];
    const value = defaultSettings();
    value.scope.accounts = { include: accountIds, exclude: accountIds };
    expect(settingsOf(printSettings(value))).toEqual(value);
  });

  it('keeps the zeros of account ids that nobody quoted', () => {
    expect(settingsOf('scope: {accounts: {include: [012345678901, 111122223333]}}').scope.accounts.include).toEqual([
      '012345678901',
      '111122223333',
    ]);
  });

  it('says where a channel is named that nothing is told in', () => {
    const text = [
      'owners: [{ match: { account: "111122223333" }, team: a, channel: "#a" }]',
      'notifications:',
      '  slack:',
      '    mentions:',
      '      - { channel: "#b", mention: here }',
    ].join('\n');
    expect(parseSettings(text)).toMatchObject({
      ok: false,
      error: [
        {
          line: 5,
          path: 'notifications.slack.mentions[0].channel',
          current: 'current value is "#b"',
          expected: 'a channel of defaultChannel, routes or owners, spelled the same: #a',
        },
      ],
    });
  });

  it('says of many mistakes where each is, what is there and what should be', () => {
    const problems = problemsOf(readFileSync('test/settings/many-mistakes.yaml', 'utf8'));
    const text = placedProblemsText('elbowroom.settings.yaml', problems);
    expectGolden('settings-problems.txt', `${text}\n`);
    expect(text).not.toContain('not-to-be-shown');
  });

  it.each([
    ['a list', '- a', { line: 1, column: 1, path: '', current: 'it is a list of 1', expected: 'a map' }],
    ['text', '\n  scope', { line: 2, column: 3, path: '', current: 'current value is "scope"', expected: 'a map' }],
    ['an unknown key', 'a: 1', { code: 'unknown-key', line: 1, column: 1, path: 'a' }],
    ['an unknown key behind a byte order mark', '\uFEFFa: 1', { code: 'unknown-key', line: 1, column: 1, path: 'a' }],
    ['Windows line ends', 'owners: []\r\na: 1\r\n', { code: 'unknown-key', line: 2, column: 1, path: 'a' }],
    [
      'a key named __proto__',
      '__proto__: {owners: []}',
      { code: 'unknown-key', line: 1, column: 1, path: '__proto__' },
    ],
    [
      'a key named constructor',
      'scope:\n  constructor: 1',
      { code: 'unknown-key', line: 2, column: 3, path: 'scope.constructor' },
    ],
    ['a key that is no word', '"a b": 1', { code: 'unknown-key', path: '["a b"]' }],
    ['an empty key', ': 1', { code: 'unknown-key', path: '[""]' }],
    ['a merge key', '<<: {owners: []}', { code: 'unknown-key', path: '["<<"]' }],
    ['a key that is a list', '? [a]\n: 1', { code: 'not-yaml', line: 1, column: 3, expected: 'keys that are text' }],
    [
      'an empty section',
      'owners: []\nscope:\n',
      { line: 2, column: 1, path: 'scope', current: 'it is empty', expected: 'a map' },
    ],
    ['a tag', 'owners: !!seq []', { code: 'yaml-tag', line: 1, column: 15, path: 'owners' }],
    [
      'two documents',
      'owners: []\n---\nowners: []',
      { code: 'not-yaml', line: 2, column: 1, expected: 'one YAML document' },
    ],
    ['an open bracket', 'owners: [', { code: 'not-yaml', line: 1, current: 'it has "owners: ["' }],
    ['a tab', 'owners:\n\t- a', { code: 'not-yaml', line: 2, column: 1 }],
    ['an unknown directive', '%FOO\n---\nowners: []', { code: 'not-yaml', line: 1 }],
    ['a "no" of YAML 1.1', '%YAML 1.1\n---\nowners: no', { path: 'owners', current: 'current value is "no"' }],
    ['a bare star', 'iacPrincipals: [*]', { code: 'alias', line: 1, column: 17 }],
    ['a star and text', 'iacPrincipals: [*-x]', { code: 'alias', line: 1, column: 17, path: 'iacPrincipals[0]' }],
    ['an alias with hidden text', 'owners: *a\u202eb', { code: 'alias', current: 'it is the YAML alias "*a\\u202eb"' }],
    ['text that is no pattern', 'iacPrincipals: ["\u202ex\\u0007"]', { current: 'current value is "\\u202ex\\u0007"' }],
    ['long text', `iacPrincipals: [${'x'.repeat(99)}]`, { current: `current value is "${'x'.repeat(60)}…"` }],
  ])('refuses %s', (_, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject(expected);
  });

  it('names each repetition of a key and where the first one stands', () => {
    expect(problemsOf('owners: []\nretention: {}\nowners: []\nowners: []')).toEqual(
      [3, 4].map((line) => ({
        code: 'duplicate-key',
        line,
        column: 1,
        path: 'owners',
        current: 'it is given again',
        expected: 'it once: line 1 has it',
      })),
    );
  });

  it('names what is wrong with the first value of a repeated key as well', () => {
    expect(problemsOf('retention: {alertsDays: 0, alertsDays: 1}')).toMatchObject([
      { code: 'not-allowed', column: 25, path: 'retention.alertsDays' },
      { code: 'duplicate-key', column: 28, path: 'retention.alertsDays' },
    ]);
  });

  it('names the first five places that are not YAML, each once', () => {
    const text = Array.from({ length: 7 }, (_, index) => `a${index}: @x`).join('\n');
    expect(problemsOf(text).map(({ code, line, column }) => [code, line, column])).toEqual(
      [1, 2, 3, 4, 5].map((line) => ['not-yaml', line, 5]),
    );
    expect(problemsOf('a: {'.repeat(3))).toHaveLength(1);
  });

  it('does not expand aliases: a small file cannot become a large one', () => {
    const levels = Array.from(
      { length: 30 },
      (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level}, `.repeat(9)}]`,
    );
    const problems = problemsOf(`a0: &a0 [x]\n${levels.join('\n')}`);
    expect(problems).toHaveLength(100);
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['unknown-key', 'alias']));
  });

  it.each([
    ['brackets', '['.repeat(90_000)],
    ['dashes', '- '.repeat(90_000)],
    ['maps', '{a: '.repeat(90_000)],
  ])('answers %s inside each other without end', (_, text) => {
    const problems = problemsOf(text);
    expect(problems.length).toBeLessThanOrEqual(5);
    expect(problems.map(({ expected }) => expected)).toContain('fewer lists and maps inside each other');
  });

  it('answers the deepest nesting that YAML lets through', () => {
    expect(problemsOf(`owners: ${'['.repeat(300)}${']'.repeat(300)}`)).toMatchObject([
      { path: 'owners[0]', expected: 'a map' },
    ]);
  });

  it('reads a file of a million characters and no longer one', () => {
    const comment = (length: number) => `#${'x'.repeat(length - 1)}`;
    expect(problemsOf(comment(1_000_000))).toEqual([]);
    expect(problemsOf(comment(1_000_001))).toMatchObject([
      { code: 'too-long', line: 1, column: 1, current: 'it has 1000001 characters', expected: 'at most 1000000' },
    ]);
  });

  it('never lets a key reach a prototype', () => {
    problemsOf('__proto__: {polluted: 1}\nscope: {__proto__: {polluted: 1}}\nconstructor: {prototype: {polluted: 1}}');
    expect('polluted' in {}).toBe(false);
  });
});
