import { expect, it } from 'vitest';
import { SAMPLE_CHARTS } from '../../../lib/local/service/slack-chart-samples.ts';
import { SAMPLE_MESSAGES } from '../../../lib/local/service/slack-samples.ts';
import { renderPreviewPage } from '../../../lib/notify/slack/preview-page.tsx';

it('shows the messages that Slack would get, before anything was scanned', () => {
  const page = renderPreviewPage({ parts: [], samples: SAMPLE_MESSAGES, charts: SAMPLE_CHARTS });
  expect(page).toContain('Slack preview');
});
