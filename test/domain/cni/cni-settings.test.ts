import { describe, expect, it } from 'vitest';
import { cniSettings } from '../../../lib/domain/cni/cni-settings.ts';

const NOTHING_SET = {
  prefixDelegation: undefined,
  customNetworking: undefined,
  podEni: undefined,
  warmEniTarget: undefined,
  warmIpTarget: undefined,
  minimumIpTarget: undefined,
  warmPrefixTarget: undefined,
  enableNetworkPolicy: undefined,
  problems: [],
};

const SWITCHES = [
  ['ENABLE_PREFIX_DELEGATION', 'prefixDelegation'],
  ['AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG', 'customNetworking'],
  ['ENABLE_POD_ENI', 'podEni'],
] as const;

const TARGETS = [
  ['WARM_ENI_TARGET', 'warmEniTarget'],
  ['WARM_IP_TARGET', 'warmIpTarget'],
  ['MINIMUM_IP_TARGET', 'minimumIpTarget'],
  ['WARM_PREFIX_TARGET', 'warmPrefixTarget'],
] as const;

describe('cniSettings', () => {
  it.each([
    undefined,
    null,
    '',
    {},
    { env: {} },
    { env: null },
    { env: undefined },
    { resources: { limits: { cpu: '100m' } } },
    { env: { AWS_VPC_K8S_CNI_LOGLEVEL: 'DEBUG' }, init: { env: { ENABLE_PREFIX_DELEGATION: 'true' } } },
    { ENABLE_PREFIX_DELEGATION: 'true', WARM_IP_TARGET: '5' },
  ])('sets nothing by %j', (configurationValues) => {
    expect(cniSettings(configurationValues)).toEqual(NOTHING_SET);
  });

  it.each(SWITCHES)('reads %s as %s', (variable, setting) => {
    expect(cniSettings({ env: { [variable]: 'true' } })).toEqual({ ...NOTHING_SET, [setting]: true });
    expect(cniSettings({ env: { [variable]: 'false' } })).toEqual({ ...NOTHING_SET, [setting]: false });
  });

  it('reads enableNetworkPolicy beside env, not in it', () => {
    expect(cniSettings({ enableNetworkPolicy: 'true' })).toEqual({ ...NOTHING_SET, enableNetworkPolicy: true });
    expect(cniSettings({ enableNetworkPolicy: false })).toEqual({ ...NOTHING_SET, enableNetworkPolicy: false });
    expect(cniSettings({ env: { enableNetworkPolicy: 'true' } })).toEqual(NOTHING_SET);
  });

  it.each(TARGETS)('reads %s as %s', (variable, setting) => {
    expect(cniSettings({ env: { [variable]: '5' } })).toEqual({ ...NOTHING_SET, [setting]: 5 });
  });

  it.each([
    [true, true],
    [false, false],
    [1, true],
    [0, false],
    ['1', true],
    ['TRUE', true],
    ['True', true],
    ['t', true],
    ['0', false],
    ['FALSE', false],
    ['F', false],
    ['', undefined],
    [null, undefined],
  ])('reads the switch %j as %s without a problem', (value, expected) => {
    const settings = cniSettings({ env: { ENABLE_PREFIX_DELEGATION: value } });
    expect(settings).toMatchObject({ prefixDelegation: expected, problems: [] });
  });

  it.each(['yes', 'on', 'tRUE', ' true', 'enabled', 2, {}, [], ['true']])('reports the switch %j', (value) => {
    expect(cniSettings({ env: { ENABLE_PREFIX_DELEGATION: value } })).toEqual({
      ...NOTHING_SET,
      problems: [{ path: 'env.ENABLE_PREFIX_DELEGATION', value, expected: 'boolean' }],
    });
  });

  it.each([
    ['0', 0],
    [0, 0],
    ['1', 1],
    [27, 27],
    ['+5', 5],
    ['007', 7],
    ['', undefined],
    [null, undefined],
  ])('reads the target %j as %s without a problem', (value, expected) => {
    expect(cniSettings({ env: { WARM_IP_TARGET: value } })).toMatchObject({ warmIpTarget: expected, problems: [] });
  });

  it.each(['-1', -1, '1.5', 1.5, '5 ', '0x10', '1e3', 'five', 'Infinity', '9'.repeat(20), true, {}, [5]])(
    'reports the target %j',
    (value) => {
      expect(cniSettings({ env: { WARM_IP_TARGET: value } })).toEqual({
        ...NOTHING_SET,
        problems: [{ path: 'env.WARM_IP_TARGET', value, expected: 'non-negative-integer' }],
      });
    },
  );

  it('goes on after a value that it cannot read', () => {
    const env = { ENABLE_POD_ENI: 'yes', WARM_IP_TARGET: '-1', MINIMUM_IP_TARGET: '10' };
    const settings = cniSettings({ env, enableNetworkPolicy: 'maybe' });
    expect(settings.minimumIpTarget).toBe(10);
    expect(settings.problems.map(({ path }) => path)).toEqual([
      'env.ENABLE_POD_ENI',
      'env.WARM_IP_TARGET',
      'enableNetworkPolicy',
    ]);
  });

  it.each([
    ['text', { path: '', value: 'text', expected: 'object' }],
    [5, { path: '', value: 5, expected: 'object' }],
    [[], { path: '', value: [], expected: 'object' }],
    [{ env: [] }, { path: 'env', value: [], expected: 'object' }],
    [{ env: 'A=B' }, { path: 'env', value: 'A=B', expected: 'object' }],
  ])('reports a configuration of the wrong shape: %j', (configurationValues, problem) => {
    expect(cniSettings(configurationValues)).toEqual({ ...NOTHING_SET, problems: [problem] });
  });

  it('does not read what an object inherits', () => {
    const inherited: unknown = Object.create({ env: { WARM_IP_TARGET: '5' } });
    expect(cniSettings(inherited)).toEqual(NOTHING_SET);
    expect(cniSettings(JSON.parse('{"__proto__": {"env": {"WARM_IP_TARGET": "5"}}}'))).toEqual(NOTHING_SET);
  });
});
