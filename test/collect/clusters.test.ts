import { setImmediate } from 'node:timers/promises';
import type { Addon as SdkAddon } from '@aws-sdk/client-eks';
import { describe, expect, it } from 'vitest';
import { parseAddon, parseCluster, parseFargateProfile, parseNodegroup } from '../../lib/collect/clusters.ts';
import type { Addon } from '../../lib/domain/cluster/cluster.ts';
import { cniSettings } from '../../lib/domain/cni/cni-settings.ts';
import { describeParseContract } from './parse-contract.ts';

describeParseContract('a cluster', {
  parse: parseCluster,
  resource: 'cluster "prod"',
  idField: 'name',
  required: ['arn'],
  full: {
    name: 'prod',
    arn: 'arn:aws:eks:us-east-1:111122223333:cluster/prod',
    version: '1.33',
    platformVersion: 'eks.8',
    status: 'ACTIVE',
    createdAt: new Date('2026-01-02T03:04:05Z'),
    resourcesVpcConfig: { vpcId: 'vpc-1', subnetIds: ['subnet-1', 'subnet-2'] },
    kubernetesNetworkConfig: { ipFamily: 'ipv4' },
    computeConfig: { enabled: true },
    tags: { team: 'shop' },
  },
});

describeParseContract('a node group', {
  parse: parseNodegroup,
  resource: 'node group "workers"',
  idField: 'nodegroupName',
  required: ['clusterName'],
  full: {
    nodegroupName: 'workers',
    clusterName: 'prod',
    status: 'DEGRADED',
    capacityType: 'SPOT',
    amiType: 'AL2023_x86_64_STANDARD',
    releaseVersion: '1.33.0-20261101',
    instanceTypes: ['m5.large'],
    subnets: ['subnet-1'],
    scalingConfig: { minSize: 1, maxSize: 6, desiredSize: 3 },
    updateConfig: { maxUnavailable: 2, maxUnavailablePercentage: 33, updateStrategy: 'MINIMAL' },
    launchTemplate: { id: 'lt-1', version: '7' },
    resources: { autoScalingGroups: [{ name: 'asg-1' }] },
    health: {
      issues: [{ code: 'InsufficientFreeAddresses', message: 'No addresses left', resourceIds: ['subnet-1'] }],
    },
    tags: { team: 'shop' },
  },
});

describeParseContract('a Fargate profile', {
  parse: parseFargateProfile,
  resource: 'Fargate profile "batch"',
  idField: 'fargateProfileName',
  required: ['clusterName'],
  full: {
    fargateProfileName: 'batch',
    clusterName: 'prod',
    status: 'ACTIVE',
    subnets: ['subnet-1'],
    tags: { team: 'shop' },
  },
});

const ADDON = {
  addonName: 'vpc-cni',
  clusterName: 'prod',
  addonVersion: 'v1.20.0-eksbuild.1',
  status: 'DEGRADED' as const,
  configurationValues: '{"env":{"WARM_IP_TARGET":"5"}}',
  serviceAccountRoleArn: 'arn:aws:iam::111122223333:role/cni',
  health: { issues: [{ code: 'AccessDenied' as const, message: 'Denied', resourceIds: ['aws-node'] }] },
  modifiedAt: new Date('2026-01-02T03:04:05Z'),
  tags: { team: 'shop' },
};

describeParseContract('an add-on', {
  parse: (raw: SdkAddon) => parseAddon(raw, 'prod'),
  resource: 'add-on "vpc-cni"',
  idField: 'addonName',
  full: ADDON,
});

function addonOf(configurationValues: string | undefined): Addon {
  const parsed = parseAddon({ ...ADDON, configurationValues }, 'prod');
  if (!parsed.ok) {
    throw new Error(parsed.error);
  }
  return parsed.value;
}

describe('parseAddon', () => {
  it('takes the cluster it was asked of where the answer does not name it', () => {
    const { clusterName: _, ...raw } = ADDON;
    expect(parseAddon(raw, 'staging')).toMatchObject({ value: { clusterName: 'staging' } });
    expect(parseAddon(ADDON, 'staging')).toMatchObject({ value: { clusterName: 'prod' } });
  });
});

describe('the configuration of an add-on', () => {
  it.each([
    { form: 'JSON', text: '{"env":{"ENABLE_PREFIX_DELEGATION":"true","WARM_IP_TARGET":"5"}}' },
    {
      form: 'JSON indented by tabs',
      text: '{\n\t"env": {\n\t\t"ENABLE_PREFIX_DELEGATION": "true",\n\t\t"WARM_IP_TARGET": "5"\n\t}\n}\n',
    },
    { form: 'YAML', text: 'env:\n  ENABLE_PREFIX_DELEGATION: "true"\n  WARM_IP_TARGET: "5"\n' },
    {
      form: 'YAML with comments and an anchor',
      text: '# warm\nx: &five "5"\nenv:\n  ENABLE_PREFIX_DELEGATION: "true"\n  WARM_IP_TARGET: *five\n',
    },
  ])('is read from $form', ({ text }) => {
    const { configuration, configurationValues } = addonOf(text);
    expect(configuration.problem).toBeUndefined();
    expect(configuration.values).toMatchObject({ env: { ENABLE_PREFIX_DELEGATION: 'true', WARM_IP_TARGET: '5' } });
    expect(cniSettings(configuration.values)).toMatchObject({ prefixDelegation: true, warmIpTarget: 5, problems: [] });
    expect(configurationValues).toBe(text);
  });

  it.each([undefined, '', ' \n\t', 'null', '~', '# nothing is set\n', '---\n'])(
    'is none where the text is %j',
    (text) => {
      expect(addonOf(text).configuration).toEqual({ values: undefined, problem: undefined });
    },
  );

  it.each([
    { text: '{}', values: {} },
    { text: '0', values: 0 },
    { text: 'false', values: false },
    { text: '"5"', values: '5' },
  ])('is kept as it is where the text is $text', ({ text, values }) => {
    expect(addonOf(text).configuration).toEqual({ values, problem: undefined });
  });

  it.each([
    { what: 'a list that does not end', text: 'env: [', problem: 'Flow sequence' },
    { what: 'a brace too many', text: '{"a": 1}}', problem: 'Unexpected flow-map-end' },
    { what: 'a key twice', text: 'a: 1\na: 2', problem: 'unique' },
    { what: 'two documents', text: 'a: 1\n---\na: 2', problem: 'multiple documents' },
    { what: 'an alias of nothing', text: 'a: *nowhere', problem: 'alias' },
    { what: 'an alias of what it stands in', text: 'a: &a [*a]', problem: 'circular' },
  ])('says why it cannot be read: $what', ({ text, problem }) => {
    const { configuration, configurationValues } = addonOf(text);
    expect(configuration.values).toBeUndefined();
    expect(configuration.problem).toContain(problem);
    expect(configuration.problem).not.toContain('\n');
    expect(configurationValues).toBe(text);
  });

  it('gives a tag of its own no meaning, and no warning on the console', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on('warning', listen);
    expect(addonOf('env: !Ref five').configuration).toEqual({ values: { env: 'five' }, problem: undefined });
    // Node.js emits warnings once the code that caused them has run.
    await setImmediate();
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });

  it('does not unfold aliases of aliases', () => {
    const levels = 'bcdefghij'.split('');
    const lists = levels.map((name) => {
      const alias = `*${String.fromCharCode(name.charCodeAt(0) - 1)}`;
      return `${name}: &${name} [${Array.from({ length: 9 }, () => alias).join(', ')}]`;
    });
    const bomb = ['a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]', ...lists].join('\n');
    const { configuration } = addonOf(bomb);
    expect(configuration.values).toBeUndefined();
    expect(configuration.problem).toContain('Excessive alias count');
  });

  const KEYS = 30_000;

  it('is read from a megabyte of JSON', () => {
    const values = Object.fromEntries(Array.from({ length: KEYS }, (_, index) => [`key${index}`, 'v'.repeat(25)]));
    const text = JSON.stringify(values);
    expect(text.length).toBeGreaterThan(1_000_000);
    expect(addonOf(text).configuration).toEqual({ values, problem: undefined });
  });

  it('is refused as a megabyte of YAML, whose keys would be compared with one another', () => {
    const text = Array.from({ length: KEYS }, (_, index) => `key${index}: ${'v'.repeat(25)}`).join('\n');
    expect(addonOf(text).configuration).toEqual({
      values: undefined,
      problem: `Cannot read the configuration: it is YAML of ${text.length} characters, expected at most 32768`,
    });
  });

  it.each([
    { length: 32_768, isRead: true },
    { length: 32_769, isRead: false },
  ])('is read from YAML of $length characters: $isRead', ({ length, isRead }) => {
    const text = `a: ${'x'.repeat(length - 3)}`;
    expect(addonOf(text).configuration.values !== undefined).toBe(isRead);
    expect(addonOf(text).configuration.problem === undefined).toBe(isRead);
  });

  it('keeps the key "__proto__" as any other', () => {
    for (const text of ['{"__proto__": {"polluted": "yes"}}', '__proto__:\n  polluted: "yes"']) {
      const { values } = addonOf(text).configuration;
      expect(Object.entries(values ?? {})).toEqual([['__proto__', { polluted: 'yes' }]]);
      expect(cniSettings(values).problems).toEqual([]);
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each(['['.repeat(20_000), '{"a":'.repeat(20_000), `${'['.repeat(100_000)}${']'.repeat(100_000)}`])(
    'is refused where it nests without end',
    (text) => {
      expect(addonOf(text).configuration).toMatchObject({ values: undefined, problem: expect.any(String) });
    },
  );
});
