import { describe, expect, it } from 'vitest';
import { SAMPLE_MESSAGES } from '../../../lib/local/service/slack-samples.ts';
import { renderPreviewPage } from '../../../lib/notify/slack/preview-page.tsx';

describe('the preview page', () => {
  const html = renderPreviewPage(SAMPLE_MESSAGES);

  it('shows every kind of message, and loads and runs nothing', () => {
    for (const name of Object.keys(SAMPLE_MESSAGES)) {
      expect(html).toContain(`<h2>${name}</h2>`);
    }
    expect(html).toContain('default-src &#39;none&#39;');
    expect(html).not.toMatch(/<(?:script|link|img|iframe|form|button)\b|@import|url\(/i);
  });

  it('shows hostile names as they are, and as no markup', () => {
    expect(html).toContain(
      '<code>&lt;!channel&gt; *prod* ˋxˋ &lt;https://evil.example|bank&gt; &amp; @here [U+202E]gpj.exe</code>',
    );
    expect(html).not.toContain('href="https://evil.example');
    expect(html).not.toContain('\u202e');
  });

  it('shows who is called, what is bold and where a link goes', () => {
    const text = '*a* <!here> <@U1> <!subteam^S1> <https://a.example/?b&amp;c|d> e*f &amp;lt;';
    const page = renderPreviewPage({ a: { text, blocks: [] } });
    expect(page).toContain(
      '<b>a</b> <span class="call">@here</span> <span class="call">@U1</span> <span class="call">@S1</span> <a href="https://a.example/?b&amp;c">d</a> e*f &amp;lt;</p>',
    );
  });
});
