import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ConfirmChannelMessage } from '../../../events/confirm-channel.ts';
import { parseSettings } from '../../../lib/settings/parse-settings.ts';

const guide = readFileSync('docs/slack.md', 'utf8');
const [manifest = '', settings = ''] = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text);

describe('docs/slack.md', () => {
  it('has a manifest that asks for the scopes that it explains, and no others', () => {
    const explained = [...guide.matchAll(/^\| (`[a-z]+:[a-z`, :]+) \|/gm)].flatMap(([, cell = '']) =>
      cell.match(/\w+:\w+/g),
    );
    expect(parse(manifest)).toMatchObject({ oauth_config: { scopes: { bot: explained } } });
  });

  it('has settings that are valid', () => {
    expect(parseSettings(settings)).toMatchObject({ ok: true });
  });

  it('confirms a channel by a message that notify-slack takes', () => {
    const payload = guide.match(/--payload '(.*?)'/)?.[1] ?? '';
    expect(ConfirmChannelMessage.safeParse(JSON.parse(payload)).success).toBe(true);
  });
});
