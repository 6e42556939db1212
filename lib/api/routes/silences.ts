import type { Silence } from '../../domain/alert/silence.ts';
import { ok } from '../../domain/result.ts';
import { route } from '../route.ts';
import { toSilenceView } from '../silence-view.ts';
import { visibleSilences } from '../visible-silences.ts';

export const listSilencesRoute = route({
  operationId: 'listSilences',
  method: 'get',
  path: '/v1/silences',
  tag: 'silences',
  summary: 'What is not told: silences to come, in force, and ended within the last week',
  access: 'read',
  response: {
    status: 200,
    description: 'All of them',
  },
  async handle({ caller }, ports) {
    const now = new Date(ports.now()).toISOString();
    const silences = await visibleSilences(caller.accountIds, ports);
    return ok({ items: silences.toSorted(compareSilences).map((silence) => toSilenceView(silence, now)) });
  },
});

function compareSilences(a: Silence, b: Silence): number {
  return a.from === b.from ? compareTexts(a.silenceId, b.silenceId) : compareTexts(a.from, b.from);
}

function compareTexts(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
