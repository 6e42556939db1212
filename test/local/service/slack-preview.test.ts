import { expect, it } from 'vitest';
import type { ServiceReader } from '../../../lib/api/service-reader.ts';
import { createHttpApp } from '../../../lib/local/service/http-app.ts';
import { renderPreviewPage } from '../../../lib/notify/slack/preview-page.tsx';

it('shows the messages that Slack would get, before anything was scanned', async () => {
  // The page asks its reader for nothing.
  const reader = new Proxy({} as ServiceReader, {
    get: () => {
      throw new Error('The reader was asked');
    },
  });
  const app = createHttpApp({
    reader,
    slackPreviewPage: () => renderPreviewPage({ parts: [], samples: {} }),
    onFailure: (cause) => {
      throw cause;
    },
  });
  const response = await app.request('http://127.0.0.1:4400/preview/slack');
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
  expect(await response.text()).toContain('Slack preview');
});
