import { describe, expect, it } from 'vitest';
import { channelOf } from '../../lib/settings/channel-of.ts';
import { toldChannels } from '../../lib/settings/notification-settings.ts';
import { Settings } from '../../lib/settings/settings.ts';
import { anAlert } from '../domain/alert/an-alert.ts';

function settingsWith(slack: object | undefined, owners: readonly object[] = []) {
  return Settings.parse({ owners, notifications: slack === undefined ? {} : { slack } });
}

const ACCOUNT = { account: '111122223333' };

describe('channelOf', () => {
  it('is that of the first route that matches, then the owner, then the default', () => {
    const routes = [
      { match: { severity: 'critical' }, channel: '#critical' },
      { match: { team: 'payments', kind: 'no-free-prefix' }, channel: '#blocks' },
      { match: { team: 'payments' }, channel: '#never-reached' },
    ];
    const owners = [
      { match: ACCOUNT, team: 'payments' },
      { match: { account: '444455556666' }, team: 'payments', channel: '#payments' },
    ];
    const withRoutes = settingsWith({ routes: routes.slice(0, 2), defaultChannel: '#all' }, owners);
    expect(channelOf(withRoutes, anAlert({ severity: 'critical' }))).toBe('#critical');
    expect(channelOf(withRoutes, anAlert({ kind: 'no-free-prefix' }))).toBe('#blocks');
    expect(channelOf(withRoutes, anAlert())).toBe('#payments');
    expect(channelOf(withRoutes, anAlert({ where: { team: 'data' } }))).toBe('#all');
    expect(channelOf(settingsWith({ routes }, owners), anAlert())).toBe('#never-reached');
  });

  it('is none without a default, and none without Slack', () => {
    expect(channelOf(settingsWith({}), anAlert())).toBeUndefined();
    expect(channelOf(settingsWith(undefined, [{ match: ACCOUNT, team: 'payments', channel: '#a' }]), anAlert())).toBe(
      undefined,
    );
  });

  it('of an alert about an account is its owner’s, and of what nobody owns the default', () => {
    const settings = settingsWith({ defaultChannel: '#all' }, [
      { match: ACCOUNT, team: 'payments', channel: '#payments' },
    ]);
    const where = { team: undefined };
    const home = { kind: 'account', accountId: '111122223333' } as const;
    expect(channelOf(settings, anAlert({ home, where }))).toBe('#payments');
    expect(channelOf(settings, anAlert({ home: { ...home, accountId: '444455556666' }, where }))).toBe('#all');
    expect(channelOf(settings, anAlert({ where }))).toBe('#all');
  });

  it.each([
    [{ team: 'payments' }, true],
    [{ team: 'data' }, false],
    [{ account: '111122223333' }, true],
    [{ account: '444455556666' }, false],
    [{ region: 'us-*' }, true],
    [{ region: 'eu-*' }, false],
    [{ cluster: 'pr*' }, true],
    [{ cluster: 'staging' }, false],
    [{ kind: 'exhaustion' }, true],
    [{ kind: 'scan-stale' }, false],
    [{ severity: 'warning' }, true],
    [{ severity: 'info' }, false],
    // Everything that is given has to hold.
    [{ team: 'payments', severity: 'warning' }, true],
    [{ team: 'payments', severity: 'info' }, false],
  ])('matches %j: %s', (match, isMatch) => {
    const settings = settingsWith({ routes: [{ match, channel: '#a' }] });
    expect(channelOf(settings, anAlert()) === '#a').toBe(isMatch);
  });

  it('matches no region where several are concerned', () => {
    const settings = settingsWith({ routes: [{ match: { region: '*' }, channel: '#a' }] });
    expect(channelOf(settings, anAlert({ where: { region: undefined } }))).toBeUndefined();
  });
});

describe('toldChannels', () => {
  it('are all that something may be told in, each once', () => {
    const owners = [
      { match: ACCOUNT, team: 'payments', channel: '#a' },
      { match: ACCOUNT, team: 'data' },
    ];
    const routes = [{ match: { team: 'data' }, channel: '#b' }];
    const { notifications } = settingsWith({ defaultChannel: '#a', routes });
    expect(toldChannels(notifications.slack, owners)).toEqual(['#a', '#b']);
    expect(toldChannels(undefined, owners)).toEqual([]);
  });
});
