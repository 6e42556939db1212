import { describe, expect, it } from 'vitest';
import { type Silence, type SilenceMatch, silenceOf } from '../../../lib/domain/alert/silence.ts';
import { anAlert } from './an-alert.ts';

const FROM = '2026-11-23T08:00:00.000Z';
const UNTIL = '2026-11-23T10:00:00.000Z';

function aSilence(match: SilenceMatch, overrides: Partial<Silence> = {}): Silence {
  return { silenceId: 's-1', match, from: FROM, until: UNTIL, author: 'ana', reason: 'migration', ...overrides };
}

const OF_TEAM = aSilence({ by: 'team', team: 'payments' });

describe('silenceOf', () => {
  it.each<[string, SilenceMatch, SilenceMatch]>([
    ['an account', { by: 'account', accountId: '111122223333' }, { by: 'account', accountId: '11112222333' }],
    [
      'a cluster',
      { by: 'cluster', clusterId: '111122223333:us-east-1:prod' },
      { by: 'cluster', clusterId: '111122223333:us-east-1:prod2' },
    ],
    ['a team', { by: 'team', team: 'payments' }, { by: 'team', team: 'Payments' }],
    ['a tag', { by: 'tag', tag: ['env', 'prod'] }, { by: 'tag', tag: ['env', 'dev'] }],
  ])('silences by %s, and no other one', (_, match, other) => {
    const silence = aSilence(match);
    expect(silenceOf(anAlert(), [aSilence(other), silence], FROM)).toBe(silence);
    expect(silenceOf(anAlert(), [aSilence(other)], FROM)).toBeUndefined();
  });

  it('silences by any account that is concerned', () => {
    const silence = aSilence({ by: 'account', accountId: '222233334444' });
    expect(silenceOf(anAlert({ where: { accountIds: ['111122223333', '222233334444'] } }), [silence], FROM)).toBe(
      silence,
    );
  });

  it.each([
    ['2026-11-23T07:59:59.999Z', false],
    [FROM, true],
    ['2026-11-23T09:59:59.999Z', true],
    [UNTIL, false],
  ])('at %s: %s', (now, isSilenced) => {
    expect(silenceOf(anAlert(), [OF_TEAM], now) !== undefined).toBe(isSilenced);
  });

  it('names the silence that ends last', () => {
    const longer = aSilence(OF_TEAM.match, { silenceId: 's-2', until: '2026-11-24T10:00:00.000Z' });
    expect(silenceOf(anAlert(), [OF_TEAM, longer], FROM)).toBe(longer);
    expect(silenceOf(anAlert(), [longer, OF_TEAM], FROM)).toBe(longer);
  });

  it('silences by team nothing that no team answers for', () => {
    expect(silenceOf(anAlert({ where: { team: undefined } }), [OF_TEAM], FROM)).toBeUndefined();
  });
});
