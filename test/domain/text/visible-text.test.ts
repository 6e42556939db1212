import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleText } from '../../../lib/domain/text/visible-text.ts';

describe('visibleText', () => {
  it.each([
    ['shop-private-a', 'shop-private-a'],
    ['a\u202eb', 'a[U+202E]b'],
    ['a\u2066b\u2069', 'a[U+2066]b[U+2069]'],
    ['a\u200bb', 'a[U+200B]b'],
    ['one\r\ntwo\nthree\u2028four', 'one↵two↵three↵four'],
    ['a\tb', 'a b'],
    ['a\u0000b\u009fc', 'a[U+0000]b[U+009F]c'],
    ['\u{e0001}', '[U+E0001]'],
    ['a\ud800b', 'a\ufffdb'],
  ])('writes %j as %j', (text, visible) => {
    expect(visibleText(text)).toBe(visible);
  });

  it('keeps the joiners that scripts and emoji are written with', () => {
    expect(visibleText('👩\u200d💻 می\u200cخواهم')).toBe('👩\u200d💻 می\u200cخواهم');
  });

  it('leaves nothing that shows a line end or changes the direction', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visibleText(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});
