import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../lib/local/printable.ts';

const REPLACED = '\uFFFD';

describe('text from AWS on a terminal', () => {
  it.each([
    ['an escape sequence that clears the screen', '\u001b[2J', `${REPLACED}[2J`],
    ['an operating system command', '\u001b]0;title\u0007', `${REPLACED}]0;title${REPLACED}`],
    ['the one-byte control sequence introducer', '\u009b2J', `${REPLACED}2J`],
    ['a line break', 'a\nb', `a${REPLACED}b`],
    ['a carriage return', 'a\rb', `a${REPLACED}b`],
    ['a line separator', 'a\u2028b', `a${REPLACED}b`],
    ['a paragraph separator', 'a\u2029b', `a${REPLACED}b`],
    ['next line', 'a\u0085b', `a${REPLACED}b`],
    ['a tab', 'a\tb', `a${REPLACED}b`],
    ['a backspace', 'a\bb', `a${REPLACED}b`],
    ['a NUL', 'a\u0000b', `a${REPLACED}b`],
    ['an override of the direction', 'a\u202eb', `a${REPLACED}b`],
    ['an isolate of the direction', 'a\u2067b', `a${REPLACED}b`],
    ['a mark of the direction', 'a\u200fb', `a${REPLACED}b`],
    ['a zero-width joiner', 'a\u200db', `a${REPLACED}b`],
    ['a byte order mark', '\ufeffa', `${REPLACED}a`],
    ['an invisible tag character', 'a\u{e0041}b', `a${REPLACED}b`],
    ['half of a surrogate pair', 'a\ud800b', `a${REPLACED}b`],
  ])('loses %s', (_, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it.each(['plain', 'Größe ✓', '東京', 'قاعدة', '"R&D" <b>', '😀'])('keeps %s', (text) => {
    expect(printable(text)).toBe(text);
  });

  it('is one line without control characters, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect([...printable(text)].filter(isControl)).toEqual([]);
      }),
    );
  });
});

/** First and last code point of what moves a cursor, ends a line or sets a direction. */
const CONTROL_RANGES: readonly (readonly [number, number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
];

function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return CONTROL_RANGES.some(([first, last]) => code >= first && code <= last);
}
