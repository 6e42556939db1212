import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseSettings } from '../../lib/settings/parse-settings.ts';
import { defaultSettings } from '../../lib/settings/settings.ts';
import { settingsHash } from '../../lib/settings/settings-hash.ts';
import { settings } from './arbitrary-settings.ts';

function hashOf(text: string): string {
  const parsed = parseSettings(text);
  if (!parsed.ok) {
    throw new Error(JSON.stringify(parsed.error));
  }
  return settingsHash(parsed.value);
}

/** The same value with the keys of every map in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(reversed);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, reversed(item)]),
      )
    : value;
}

describe('settingsHash', () => {
  it('is the SHA-256 of the settings as JSON with sorted keys', () => {
    const { iacPrincipals, metrics, notifications, owners, production, retention, scope, thresholds } =
      defaultSettings();
    const {
      alertsDays,
      dailyFactsDays,
      dailySeriesDays,
      goneResourcesDays,
      hourlySeriesDays,
      signedDays,
      sixHourlyFactsDays,
    } = retention;
    const text = JSON.stringify({
      iacPrincipals,
      metrics: { subnetsMax: metrics.subnetsMax },
      notifications: { email: notifications.email, eventBus: notifications.eventBus },
      owners,
      production: production.map((rule) =>
        'tag' in rule ? { tag: { key: rule.tag.key, values: rule.tag.values } } : rule,
      ),
      retention: {
        alertsDays,
        dailyFactsDays,
        dailySeriesDays,
        goneResourcesDays,
        hourlySeriesDays,
        signedDays,
        sixHourlyFactsDays,
      },
      scope: {
        accounts: { exclude: scope.accounts.exclude, include: scope.accounts.include },
        organizationalUnits: {
          exclude: scope.organizationalUnits.exclude,
          include: scope.organizationalUnits.include,
        },
        regions: { exclude: scope.regions.exclude, include: scope.regions.include },
      },
      thresholds: {
        controlPlaneUpdateAddresses: thresholds.controlPlaneUpdateAddresses,
        freePrefixRatioWarning: thresholds.freePrefixRatioWarning,
        freeRatioWarning: thresholds.freeRatioWarning,
        loadBalancerAddresses: thresholds.loadBalancerAddresses,
        overrides: thresholds.overrides,
      },
    });
    expect(settingsHash(defaultSettings())).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('does not depend on the order of keys in the file', () => {
    fc.assert(
      fc.property(settings, (value) => {
        const text = stringify(reversed(value), { aliasDuplicateObjects: false });
        expect(hashOf(text)).toBe(settingsHash(value));
      }),
    );
  });

  it('does not depend on comments, or on whether a default is written', () => {
    expect(hashOf('# a comment\nthresholds: {freeRatioWarning: 0.15} # the default\nowners: []')).toBe(hashOf(''));
  });

  it.each([
    ['a threshold', 'thresholds: {freeRatioWarning: 0.16}'],
    ['a default left out of a list', 'iacPrincipals: []'],
    ['an override', 'thresholds: {overrides: [{match: {size: {}}, freeRatioWarning: 0.15}]}'],
  ])('changes with %s', (_, text) => {
    expect(hashOf(text)).not.toBe(hashOf(''));
  });

  it('changes with the order of rules, since the first match wins', () => {
    const rule = (team: string) => `{match: {account: '111122223333'}, team: ${team}}`;
    expect(hashOf(`owners: [${rule('a')}, ${rule('b')}]`)).not.toBe(hashOf(`owners: [${rule('b')}, ${rule('a')}]`));
  });
});
