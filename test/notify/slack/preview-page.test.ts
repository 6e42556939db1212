import { describe, expect, it } from 'vitest';
import { SAMPLE_CHARTS } from '../../../lib/local/service/slack-chart-samples.ts';
import { SAMPLE_MESSAGES } from '../../../lib/local/service/slack-samples.ts';
import { renderPreviewPage } from '../../../lib/notify/slack/preview-page.tsx';

describe('the preview page', () => {
  const html = renderPreviewPage({ parts: [], samples: SAMPLE_MESSAGES, charts: SAMPLE_CHARTS });

  it('shows every kind of message, and loads and runs nothing', () => {
    for (const name of Object.keys(SAMPLE_MESSAGES)) {
      expect(html).toContain(`<h2>${name}</h2>`);
    }
    expect(html).toContain('default-src &#39;none&#39;');
    expect(html).not.toMatch(/<(?:script|link|iframe|form|button)\b|<img (?!class="chart" src="data:)|@import|url\(/i);
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
    const page = renderPreviewPage({ parts: [], samples: { a: { text, blocks: [] } }, charts: {} });
    expect(page).toContain(
      '<b>a</b> <span class="call">@here</span> <span class="call">@U1</span> <span class="call">@S1</span> <a href="https://a.example/?b&amp;c">d</a> e*f &amp;lt;</p>',
    );
  });

  it('shows charts as pictures, in threads as well', () => {
    const addresses = SAMPLE_CHARTS['chart-of-addresses'];
    const message = { text: 'a', blocks: [] };
    const reply = { sentAt: '2026-11-24T08:00:00.000Z', message, isBroadcast: false, chart: addresses };
    const thread = { channelId: '#a', sentAt: '2026-11-24T08:00:00.000Z', message, replies: [reply] };
    const page = renderPreviewPage({
      parts: [{ title: 'Told now', notice: '', threads: [thread] }],
      samples: {},
      charts: { addresses },
    });
    expect(page.match(/<img /g)).toHaveLength(2);
    expect(page).toContain(`alt="Chart: Free addresses in first↵&gt;quoted↵&lt;!here&gt;`);
    const [, source = ''] = /src="data:image\/svg\+xml,([^"]*)"/.exec(page) ?? [];
    expect(decodeURIComponent(source.replaceAll('&#39;', "'"))).toBe(addresses.svg);
  });

  it('shows threads with their channel, their times and their replies', () => {
    const aMessage = (text: string) => ({ text, blocks: [] });
    const page = renderPreviewPage({
      samples: {},
      charts: {},
      parts: [
        {
          title: 'Told now',
          notice: 'Since <now>.',
          threads: [
            {
              channelId: '#a<b',
              sentAt: '2026-11-23T08:00:00.000Z',
              message: aMessage('it runs out'),
              replies: [
                { sentAt: '2026-11-24T08:00:00.000Z', message: aMessage('worse'), isBroadcast: true },
                { sentAt: '2026-11-25T08:00:00.000Z', message: aMessage('well'), isBroadcast: false },
              ],
            },
          ],
        },
      ],
    });
    const words = page
      .slice(page.indexOf('<main>'))
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim();
    expect(words).toContain(
      'Told now Since &lt;now&gt;. it runs out #a&lt;b · 2026-11-23 08:00 UTC · 2 replies, the last at 2026-11-25 08:00 UTC',
    );
    expect(words).toContain('2026-11-24 08:00 UTC · in the channel as well 2026-11-25 08:00 UTC');
  });
});
