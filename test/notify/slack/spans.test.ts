import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bold, code, link, plainSpans, prose, renderSpans, type Span, text } from '../../../lib/notify/slack/spans.ts';

const MANY = 3_000;

describe('foreign text', () => {
  it.each([
    ['a mention of everybody', '<!channel>', '`&lt;!channel&gt;`', '&lt;!channel&gt;'],
    [
      'a link',
      '<https://evil.example|bank>',
      '`&lt;https://evil.example|bank&gt;`',
      '&lt;https://evil.example|bank&gt;',
    ],
    ['an entity', 'a &amp; b', '`a &amp;amp; b`', 'a &amp;amp; b'],
    ['bold, struck and code', '*a* ~b~ `c`', '`*a* ~b~ ˋcˋ`', '∗a∗ ∼b∼ ˋcˋ'],
    ['a quotation', '> a', '`&gt; a`', '› a'],
    ['an emphasis, and an underscore within a word', '_a_ my_subnet', '`_a_ my_subnet`', 'ˍaˍ my_subnet'],
    ['lines', 'a\nb', '`a↵b`', 'a↵b'],
    ['a turned line', 'a\u202eb', '`a[U+202E]b`', 'a[U+202E]b'],
    ['half a pair', 'a\ud800', '`a\ufffd`', 'a\ufffd'],
    ['nothing', '', '(empty)', ''],
  ])('stands as it is: %s', (_, foreign, asCode, asProse) => {
    expect(renderSpans([code(foreign)], MANY)).toBe(asCode);
    expect(renderSpans([prose(foreign)], MANY)).toBe(asProse);
  });

  it('is cut to 120 characters as a name, to a number as a sentence', () => {
    expect(renderSpans([code('😀'.repeat(120))], MANY)).toBe(`\`${'😀'.repeat(120)}\``);
    expect(renderSpans([code('😀'.repeat(121))], MANY)).toBe(`\`${'😀'.repeat(119)}…\``);
    expect(renderSpans([prose('abcdef', 5)], MANY)).toBe('abcd…');
  });
});

describe('our own markup', () => {
  it('is closed where it is cut, and never cut within', () => {
    const spans: Span[] = [bold('ab'), text(' & '), link('https://elbowroom.example/a?b&c', 'page'), code('d`e')];
    expect(renderSpans(spans, MANY)).toBe('*ab* &amp; <https://elbowroom.example/a?b&amp;c|page>`dˋe`');
    expect(renderSpans([bold('abcd')], 6)).toBe('*abcd*');
    expect(renderSpans([bold('abcde')], 6)).toBe('*abc*…');
    expect(renderSpans([text('a&&')], 10)).toBe('a&amp;…');
    expect(renderSpans([text('a&&')], 11)).toBe('a&amp;&amp;');
    expect(renderSpans([code('😀😀')], 5)).toBe('`😀`…');
  });

  it('writes no link that a client would read otherwise, and no mention that is none', () => {
    expect(renderSpans([link('javascript:alert(1)', 'x'), link('https://a|b', 'y')], MANY)).toBe('xy');
    expect(renderSpans([{ kind: 'mention', of: { kind: 'user', userId: 'U1> <!channel' } }], MANY)).toBe('');
    expect(renderSpans([{ kind: 'mention', of: { kind: 'user', userId: 'U12345' } }], MANY)).toBe('<@U12345>');
    expect(renderSpans([{ kind: 'mention', of: { kind: 'user-group', userGroupId: 'S1' } }], MANY)).toBe(
      '<!subteam^S1>',
    );
  });

  it('loses its markup as plain text', () => {
    expect(plainSpans([bold('a'), code('<b>'), link('https://a.example', 'c')], MANY)).toBe('a&lt;b&gt;c');
  });

  it('is never longer than asked for', () => {
    const words = fc.string({ unit: 'binary', maxLength: 60 });
    const span = fc.oneof(
      words.map(code),
      words.map((one) => prose(one)),
      words.map(bold),
      words.map((one) => link('https://a.example', one)),
    );
    fc.assert(
      fc.property(fc.array(span, { maxLength: 6 }), fc.integer({ min: 1, max: 80 }), (spans, most) => {
        const rendered = renderSpans(spans, most);
        expect(rendered.length).toBeLessThanOrEqual(most);
        expect((rendered.match(/`/g) ?? []).length % 2).toBe(0);
      }),
    );
  });
});
