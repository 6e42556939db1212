import type { SilenceView } from '../silence-view.ts';

/** A silence. */
export const SILENCE_EXAMPLE: SilenceView = {
  silenceId: 'af492153-7ebc-4461-bf6e-b0f1ef63d847',
  match: { by: 'team', team: 'shop' },
  from: '2026-11-23T11:22:16.070Z',
  until: '2026-12-01T00:00:00.000Z',
  author: 'ana@example.com',
  reason: 'Migration',
  state: 'in-force',
};
