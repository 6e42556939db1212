import { describe, expect, it } from 'vitest';
import { endSilence } from '../../lib/audit/end-silence.ts';
import {
  AUTHOR_LENGTH_MAX,
  REASON_LENGTH_MAX,
  SILENCE_DAYS_MAX,
  type SilenceProblem,
  writeSilence,
} from '../../lib/audit/write-silence.ts';
import type { Silence, SilenceMatch } from '../../lib/domain/alert/silence.ts';
import { memorySilenceStore } from '../helpers/memory-silence-store.ts';

const MS_PER_DAY = 86_400_000;
const NOW_MS = Date.parse('2026-11-23T08:00:00.000Z');

function at(days: number): string {
  return new Date(NOW_MS + days * MS_PER_DAY).toISOString();
}

const SILENCE: Silence = {
  silenceId: 's-1',
  match: { by: 'account', accountId: '111122223333' },
  from: at(0),
  until: at(1),
  author: 'ana',
  reason: 'migration',
};

function world(nowDays = 0) {
  const silences = memorySilenceStore();
  let now = at(nowDays);
  return {
    silences,
    ports: { silences, now: () => now },
    moveTo(days: number) {
      now = at(days);
    },
  };
}

async function fieldsRefused(changes: Partial<Silence>): Promise<SilenceProblem['field'][]> {
  const { ports, silences } = world();
  const result = await writeSilence({ ...SILENCE, ...changes }, ports);
  expect(await silences.readSilences()).toHaveLength(result.outcome === 'written' ? 1 : 0);
  return result.outcome === 'written' ? [] : result.problems.map(({ field }) => field);
}

describe('writeSilence', () => {
  it('keeps it in UTC, once however often it is asked', async () => {
    const { ports, silences } = world();
    const asked = { ...SILENCE, until: '2026-11-23T12:00:00+02:00' };
    const silence = { ...SILENCE, until: '2026-11-23T10:00:00.000Z' };
    expect(await writeSilence(asked, ports)).toEqual({ outcome: 'written', silence });
    await writeSilence(asked, ports);
    expect(await silences.readSilences()).toEqual([silence]);
  });

  it.each<[string, Partial<Silence>, SilenceProblem['field'][]]>([
    ['an end that has come', { from: at(-1), until: at(0) }, ['until']],
    ['an end a moment away', { from: at(-1), until: new Date(NOW_MS + 1).toISOString() }, []],
    ['an end at its beginning', { from: at(1), until: at(1) }, ['until']],
    ['the longest', { until: at(SILENCE_DAYS_MAX) }, []],
    ['one that is longer', { until: new Date(NOW_MS + SILENCE_DAYS_MAX * MS_PER_DAY + 1).toISOString() }, ['until']],
    ['a beginning that is no moment', { from: 'now' }, ['from']],
    ['an end that is no moment', { until: '2026-11-31T08:00:00Z' }, ['until']],
    ['no author', { author: ' \n' }, ['author']],
    ['the longest author', { author: 'a'.repeat(AUTHOR_LENGTH_MAX) }, []],
    ['an author that is longer', { author: 'a'.repeat(AUTHOR_LENGTH_MAX + 1) }, ['author']],
    ['no reason', { reason: '' }, ['reason']],
    ['the longest reason', { reason: 'a'.repeat(REASON_LENGTH_MAX) }, []],
    ['a reason that is longer', { reason: 'a'.repeat(REASON_LENGTH_MAX + 1) }, ['reason']],
    ['everything wrong', { from: '', until: '', author: '', reason: '' }, ['from', 'until', 'author', 'reason']],
  ])('judges %s', async (_, changes, fields) => {
    expect(await fieldsRefused(changes)).toEqual(fields);
  });

  it.each<[SilenceMatch, string | undefined]>([
    [{ by: 'account', accountId: '111122223333' }, undefined],
    [{ by: 'account', accountId: '11112222333' }, 'match.accountId'],
    [{ by: 'cluster', clusterId: '111122223333:eu-west-1:prod' }, undefined],
    [{ by: 'cluster', clusterId: 'prod' }, 'match.clusterId'],
    [{ by: 'cluster', clusterId: '111122223333:eu-west-1:' }, 'match.clusterId'],
    [{ by: 'team', team: 'payments' }, undefined],
    [{ by: 'team', team: '' }, 'match.team'],
    [{ by: 'tag', tag: ['env', ''] }, undefined],
    [{ by: 'tag', tag: ['', 'prod'] }, 'match.key'],
    [{ by: 'tag', tag: ['env', 'v'.repeat(256)] }, undefined],
    [{ by: 'tag', tag: ['env', 'v'.repeat(257)] }, 'match.value'],
  ])('takes %j, or names what is wrong: %s', async (match, field) => {
    expect(await fieldsRefused({ match })).toEqual(field === undefined ? [] : [field]);
  });

  it('says what was there and what is wanted', async () => {
    const match = { by: 'account', accountId: '1111' } as const;
    expect(await writeSilence({ ...SILENCE, match }, world().ports)).toEqual({
      outcome: 'refused',
      problems: [{ field: 'match.accountId', value: '1111', expected: 'an account id: 12 digits as text' }],
    });
  });
});

describe('endSilence', () => {
  it('ends now what has begun, and keeps it for the digest', async () => {
    const { ports, silences, moveTo } = world();
    await writeSilence(SILENCE, ports);
    moveTo(0.5);
    expect(await endSilence('s-1', ports)).toEqual({ outcome: 'ended', silence: SILENCE });
    expect(await silences.readSilences()).toEqual([{ ...SILENCE, until: at(0.5) }]);
    expect((await endSilence('s-1', ports)).outcome).toBe('already-ended');
  });

  it('forgets what has not begun, and knows nothing of it then', async () => {
    const { ports, silences } = world();
    await writeSilence(SILENCE, ports);
    expect(await endSilence('s-1', ports)).toEqual({ outcome: 'ended', silence: SILENCE });
    expect(await silences.readSilences()).toEqual([]);
    expect(await endSilence('s-1', ports)).toEqual({ outcome: 'not-found' });
  });

  it('leaves alone what has ended by itself', async () => {
    const { ports, silences, moveTo } = world();
    await writeSilence(SILENCE, ports);
    moveTo(1);
    expect(await endSilence('s-1', ports)).toEqual({ outcome: 'already-ended', silence: SILENCE });
    expect(await silences.readSilences()).toEqual([SILENCE]);
  });
});
