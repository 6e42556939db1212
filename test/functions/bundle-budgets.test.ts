import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleCode, bundleFunction } from '../helpers/function-bundles.ts';

const BYTES_PER_KB = 1_000;
const BUNDLED_WITHIN_MS = 30_000;

/** A function has credentials in its environment; the settings are read without the client of S3. */
const IN_NONE = [
  '@aws-sdk/client-s3',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@aws-sdk/endpoint-cache',
  '@aws-sdk/nested-clients',
  '@aws-sdk/token-providers',
  '@smithy/credential-provider-imds',
  'dynalite',
  'mnemonist',
];

/** What one or a few functions need and the others must not carry along. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  '@aws-sdk/client-ec2': ['plan-scan', 'pulse-target', 'scan-target'],
  '@aws-sdk/client-eks': ['plan-scan', 'pulse-target', 'scan-target'],
  '@aws-sdk/client-organizations': ['plan-scan', 'pulse-target', 'scan-target'],
  '@aws-sdk/client-sts': ['plan-scan', 'pulse-target', 'scan-target'],
  '@aws-sdk/client-sns': ['publish-alerts'],
  '@aws-sdk/client-ssm': ['api', 'api-writes', 'notify-slack', 'pages'],
  '@aws-sdk/client-eventbridge': ['api-writes', 'judge-vpc', 'publish-alerts', 'roll-up-fleet'],
  '@aws-sdk/client-sqs': ['api-writes', 'plan-scan', 'pulse-target', 'scan-target'],
  jose: ['api', 'api-writes', 'pages'],
  oauth4webapi: ['pages'],
  // What EKS hands back of an add-on is what its owner wrote; settings are JSON.
  yaml: ['scan-target'],
};

/**
 * Node reads a bundle before it runs any of it: 40 ms for a megabyte, on a machine on which it starts itself in 26 ms. A budget is
 * the size of 2026-11-23 and a little more; what makes a bundle larger than that says in its commit what it is for.
 */
const KILOBYTES_MAX: Readonly<Record<string, number>> = {
  api: 486,
  'api-writes': 416,
  'judge-vpc': 438,
  'notify-slack': 390,
  pages: 490,
  'plan-scan': 461,
  'publish-alerts': 346,
  'pulse-target': 413,
  'roll-up-fleet': 398,
  'scan-target': 646,
};

/** What may be imported late: nothing is in it, or it rests on nothing. */
const LATE = /[\\/](?:@smithy[\\/]core[\\/]dist-es[\\/]submodules[\\/]event-streams|bowser)[\\/]/;

const NAMES = globSync('functions/*.ts').map((entry) => basename(entry, '.ts'));

it('has a budget for every function', () => {
  expect(Object.keys(KILOBYTES_MAX).toSorted()).toEqual(NAMES.toSorted());
});

describe.each(NAMES)('the bundle of %s', (name) => {
  it(
    'keeps to its size, and carries nothing along that it never runs',
    async () => {
      const { sizeBytes, packages, lateFiles } = await bundleFunction(`functions/${name}.ts`);
      const names = packages.map((each) => each.name);
      expect(sizeBytes / BYTES_PER_KB).toBeLessThanOrEqual(KILOBYTES_MAX[name] ?? 0);
      expect(names.filter((each) => IN_NONE.includes(each))).toEqual([]);
      expect(names.filter((each) => ONLY_IN[each]?.includes(name) === false)).toEqual([]);
      expect(lateFiles.filter((file) => !LATE.test(file))).toEqual([]);
    },
    BUNDLED_WITHIN_MS,
  );
});

it('would see what is imported late', async () => {
  const { lateFiles } = await bundleCode('late', "export const late = () => import('./lib/domain/result.ts');");
  expect(lateFiles).toEqual(['lib/domain/result.ts']);
});

it('would see a package that does not belong in one', async () => {
  const { packages } = await bundleCode('seeded', "export { S3Client } from '@aws-sdk/client-s3';");
  expect(packages.map(({ name }) => name).filter((name) => IN_NONE.includes(name))).toEqual(['@aws-sdk/client-s3']);
});
