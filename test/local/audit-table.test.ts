import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import wrapAnsi from 'wrap-ansi';
import { type AuditView, toAuditView } from '../../lib/api/audit-view.ts';
import type { ClusterView } from '../../lib/api/cluster-view.ts';
import type { NotSeenView } from '../../lib/api/coverage-view.ts';
import type { SubnetView } from '../../lib/api/subnet-view.ts';
import { STATUSES } from '../../lib/domain/capacity/subnet-status.ts';
import { renderAuditTable } from '../../lib/local/audit-table.ts';
import {
  DEMO_ACCOUNT_IDS,
  DEMO_EXTERNAL_ID,
  demoOrganization,
} from '../../lib/local/simulated-aws/demo-organization.ts';
import {
  aClusterView,
  aCoverageView,
  aNotSeenView,
  anAuditView,
  anIpv6OnlySubnetView,
  aSubnetView,
  aSubnetViewWithoutOwner,
} from '../helpers/audit-view-builder.ts';
import { ACCOUNT_ID } from '../helpers/builders.ts';
import { expectGolden } from '../helpers/golden.ts';
import { AUDITED_AT, auditInProcess } from '../helpers/simulated-audit.ts';
import { variedAuditView } from '../helpers/varied-audit-view.ts';

const COLUMNS = 100;
const COUNT_OF_15_DIGITS = 999_999_999_999_999;

function linesOf(view: AuditView): string[] {
  return renderAuditTable(view).split('\n');
}

function tooWide(lines: readonly string[]): string[] {
  return lines.filter((line) => wrapAnsi(line, COLUMNS, { hard: true, trim: false }) !== line);
}

function withSubnet(overrides: Partial<SubnetView>): AuditView {
  return anAuditView({ clusters: [], subnets: [aSubnetView(overrides)] });
}

function withNotSeen(...notSeen: readonly NotSeenView[]): AuditView {
  return anAuditView({ coverage: aCoverageView({ notSeen: [...notSeen] }) });
}

describe('the table of an audit', () => {
  it('is what it was for the demo organisation', async () => {
    const aws = demoOrganization(AUDITED_AT);
    const result = await auditInProcess(aws, {
      callerId: DEMO_ACCOUNT_IDS.management,
      accounts: { kind: 'organization' },
      externalId: DEMO_EXTERNAL_ID,
    });
    expectGolden('audit-table.txt', renderAuditTable(toAuditView(result)));
  });

  it('says what was not seen before everything else after the heading', () => {
    const sections = renderAuditTable(variedAuditView()).split('\n\n');
    expect(sections[0]).toMatch(/^Elbowroom audit, observed 2026-11-23 07:59:41 to 2026-11-23 08:00:22 UTC\n/);
    expect(sections[1]).toMatch(/^NOT SEEN: 2 required, 1 optional\nrequired {2}/);
    expect(sections[2]).toMatch(/^STATUS +CLUSTER/);
    expect(sections[3]).toMatch(/^STATUS +SUBNET/);
  });

  it('lists the required before the optional, then the accounts that are left out', () => {
    const kinds = linesOf(variedAuditView())
      .map((line) => /^(required|optional|skipped) {2}/.exec(line)?.[1])
      .filter((kind) => kind !== undefined);
    expect(kinds).toEqual(['required', 'required', 'optional', 'skipped']);
  });

  it('says that nothing was scanned, rather than that there is nothing, where no account was entered', () => {
    const table = renderAuditTable(
      anAuditView({ coverage: aCoverageView({ accounts: [] }), clusters: [], subnets: [] }),
    );
    expect(table).toContain('Nothing was scanned.');
    expect(table).not.toMatch(/No (clusters|subnets)\./);
    const scanned = renderAuditTable(anAuditView({ clusters: [], subnets: [] }));
    expect(scanned).toMatch(/No clusters\.\n\nNo subnets\./);
  });

  it('says what helps below what was not seen, where anything does', () => {
    const entry = { message: 'Access denied', advice: 'allow ec2:DescribeSubnets to the role' };
    const withAdvice = renderAuditTable(anAuditView({ coverage: aCoverageView({ notSeen: [aNotSeenView(entry)] }) }));
    expect(withAdvice).toMatch(/Access denied\n {10}what helps: allow ec2:DescribeSubnets to the role\n/);
    const without = anAuditView({ coverage: aCoverageView({ notSeen: [aNotSeenView({ ...entry, advice: null })] }) });
    expect(renderAuditTable(without)).not.toContain('what helps');
  });

  it('says that everything was seen only where it was', () => {
    expect(renderAuditTable(anAuditView())).toContain('\n\nEverything asked for was seen.\n\n');
    expect(renderAuditTable(withNotSeen(aNotSeenView({ isRequired: false })))).not.toContain('Everything asked for');
    const leftOut = aCoverageView({
      accounts: [
        {
          accountId: ACCOUNT_ID,
          accountName: null,
          state: null,
          outcome: 'not-scanned',
          regions: [],
          regionsNotEnabled: [],
          regionsLeftOut: [],
          notScannedReason: 'its state is SUSPENDED',
        },
      ],
    });
    const table = renderAuditTable(anAuditView({ coverage: leftOut }));
    expect(table).not.toContain('Everything asked for');
    expect(table).toContain(`skipped   account ${ACCOUNT_ID}: its state is SUSPENDED`);
  });

  it('keeps the order of the view, the most urgent first', () => {
    const order = linesOf(variedAuditView()).map((line) => line.split(' ')[0] ?? '');
    const isStatus = (word: string) => STATUSES.some((status) => status === word);
    const view = variedAuditView();
    expect(order.filter(isStatus)).toEqual([...view.clusters, ...view.subnets].map(({ status }) => status));
  });

  it('says that there is nothing where there is nothing', () => {
    const table = renderAuditTable(anAuditView({ clusters: [], subnets: [] }));
    expect(table).toContain('\n\nNo clusters.\n\nNo subnets.\n');
    expect(table).not.toContain('FREE:');
  });

  it('says one cause once for all its regions, and a different one for itself', () => {
    const inRegion = (region: string, overrides: Partial<NotSeenView> = {}) => aNotSeenView({ region, ...overrides });
    const table = renderAuditTable(
      withNotSeen(
        inRegion('eu-west-1'),
        inRegion('us-east-1'),
        inRegion('us-west-2', { code: 'throttled' }),
        inRegion('eu-west-1', { accountId: '999999999999', accountName: null }),
      ),
    );
    const causes = table.split('\n').filter((line) => line.startsWith('required  '));
    expect(causes).toHaveLength(3);
    expect(causes[0]).toContain(`${ACCOUNT_ID} "Shop production" eu-west-1, us-east-1 network-interfaces`);
    expect(table).toContain('NOT SEEN: 4 required, 0 optional');
  });

  it.each([
    [4, 'r-0, r-1, r-2, r-3 '],
    [5, ' 5 regions '],
  ])('names up to four regions of a cause, here %d', (count, expected) => {
    const regions = Array.from({ length: count }, (_, index) => aNotSeenView({ region: `r-${index}` }));
    expect(renderAuditTable(withNotSeen(...regions))).toContain(expected);
  });

  it.each([
    [4, 'of s-0, s-1, s-2, s-3:'],
    [5, 'of s-0, s-1, s-2, s-3 and 1 more:'],
  ])('names up to four resources of a cause, here %d', (count, expected) => {
    const resourceIds = Array.from({ length: count }, (_, index) => `s-${index}`);
    const table = renderAuditTable(withNotSeen(aNotSeenView({ resourceIds })));
    expect(table.replaceAll(/\s+/g, ' ')).toContain(expected);
  });
});

describe('a row of the table', () => {
  it('shows the name, the clusters without where that is known from, and free blocks of those there can be', () => {
    const lines = linesOf(withSubnet({}));
    const row = lines.findIndex((line) => line.startsWith('healthy'));
    expect(lines[row - 1]).toBe('STATUS     SUBNET     ZONE      ACCOUNT       CIDR         FREE   %   /28');
    expect(lines[row]).toBe('healthy    subnet-0a  euw1-az1  111122223333  10.0.0.0/24   144  57  8/14');
    expect(lines[row + 1]).toBe('           "shop-private-a" · serves prod');
    expect(lines.join('\n')).not.toContain('nodegroup');
  });

  it.each<[string, Partial<SubnetView>, RegExp]>([
    ['no name', { name: null }, /\n {11}serves prod\n/],
    ['no cluster', { clusters: [] }, /\n {11}"shop-private-a"\n/],
    ['neither', { name: null, clusters: [] }, /8\/14\n\nFREE/],
  ])('leaves out what a subnet with %s does not have', (_, overrides, expected) => {
    expect(renderAuditTable(withSubnet(overrides))).toMatch(expected);
  });

  it('rounds the free share down', () => {
    expect(renderAuditTable(withSubnet({ addressesLeft: 250, usableAddressCount: 251 }))).toMatch(/ 250 +99 /);
    expect(renderAuditTable(withSubnet({ addressesLeft: 1, usableAddressCount: 251 }))).toMatch(/ 1 +0 /);
    expect(renderAuditTable(withSubnet({ addressesLeft: 251, usableAddressCount: 251 }))).toMatch(/ 251 +100 /);
  });

  it('does not show a number for what is not known, nor a question where there is no answer', () => {
    const unseen = renderAuditTable(anAuditView({ subnets: [aSubnetViewWithoutOwner()] }));
    expect(unseen).toMatch(/ 144 +57 +\?\/14\n/);
    expect(unseen).toContain('counted by EC2 alone, its interfaces were not seen');
    const unreadable = renderAuditTable(
      anAuditView({
        subnets: [aSubnetViewWithoutOwner({ addressesLeft: null, usableAddressCount: null, maxPrefixCount: null })],
      }),
    );
    expect(unreadable).toMatch(/10\.0\.0\.0\/24 +\? +\? +\?\n/);
    const ipv6 = renderAuditTable(anAuditView({ subnets: [anIpv6OnlySubnetView()] }));
    expect(ipv6).toMatch(/IPv6 only +- +- +-\n/);
  });

  it('says why a status is what it is, and not again that there is no forecast', () => {
    const table = renderAuditTable(variedAuditView());
    expect(table).toContain('\n           prefixes are in use and no /28 block is free\n');
    expect(table.split('No forecast:')).toHaveLength(2);
    expect(table).not.toContain('no forecast: this');
  });

  it('says how far EC2 and the listed interfaces are apart, and in which direction', () => {
    const unexplained = { reconciliation: 'unexplained' } as const;
    expect(renderAuditTable(withSubnet({ ...unexplained, unaccountedAddressCount: -3 }))).toContain(
      'EC2 counts 3 addresses fewer free than the listed interfaces explain',
    );
    expect(renderAuditTable(withSubnet({ ...unexplained, unaccountedAddressCount: 1 }))).toContain(
      'EC2 counts 1 address more free than the listed interfaces explain',
    );
    expect(renderAuditTable(withSubnet({ reconciliation: 'settling', unaccountedAddressCount: -1 }))).not.toContain(
      'EC2 counts',
    );
  });
});

/** The table does not show them. */
const noSources = fc.constant<SubnetView['clusters'][number]['sources']>([]);

/** Text of any kind: other scripts, wide characters, emoji, control characters, and long names without a break. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300, size: 'max' }),
  fc.string({ unit: 'grapheme', maxLength: 200, size: 'max' }),
  fc.string({
    unit: fc.constantFrom('東', '😀', '가', 'x', ' ', '\u001b', '\n', '\u202e', 'é', 'Ａ'),
    maxLength: 300,
    size: 'max',
  }),
  fc.constantFrom(
    'subnet-0a1b2c3d',
    'subnet-0ff20876f0d1510cd',
    'use1-bos1-az1',
    'use1-wl1-bos-wlz1',
    '100.64.128.0/16',
    '10.0.0.0/16',
    'x'.repeat(300),
    '東'.repeat(150),
    '',
  ),
);
const anyCount = fc.oneof(fc.constant(COUNT_OF_15_DIGITS), fc.nat());
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const anySubnet: fc.Arbitrary<SubnetView> = fc
  .record({
    subnetId: anyText,
    accountId: anyText,
    availabilityZoneId: orNull(anyText),
    availabilityZone: anyText,
    name: orNull(anyText),
    cidrBlock: orNull(anyText),
    addressesLeft: orNull(anyCount),
    usableAddressCount: orNull(anyCount),
    freePrefixCount: orNull(anyCount),
    maxPrefixCount: orNull(anyCount),
    unaccountedAddressCount: orNull(anyCount),
    reconciliation: fc.constantFrom<SubnetView['reconciliation']>('exact', 'unexplained', null),
    status: fc.constantFrom(...STATUSES),
    problems: fc.array(anyText, { maxLength: 2 }),
    leakedNetworkInterfaceIds: fc.array(anyText, { maxLength: 2 }),
    clusters: fc.array(fc.record({ clusterId: anyText, clusterName: anyText, sources: noSources }), {
      maxLength: 2,
    }),
  })
  .map((overrides) => aSubnetView(overrides));

const anyCluster: fc.Arbitrary<ClusterView> = fc
  .record({
    clusterName: anyText,
    accountId: anyText,
    region: anyText,
    version: orNull(anyText),
    bindingSubnetId: orNull(anyText),
    status: fc.constantFrom(...STATUSES),
    zones: fc.array(
      fc.record({
        zone: anyText,
        subnetIds: fc.constant<string[]>([]),
        addressesLeft: anyCount,
        freePrefixCount: orNull(anyCount),
      }),
      { maxLength: 2 },
    ),
    subnets: fc.array(fc.record({ subnetId: anyText, sources: noSources, isSeen: fc.boolean() }), {
      maxLength: 2,
    }),
  })
  .map((overrides) => aClusterView(overrides));

const anyNotSeen: fc.Arbitrary<NotSeenView> = fc
  .record({
    scope: anyText,
    accountId: orNull(anyText),
    accountName: orNull(anyText),
    region: orNull(anyText),
    resourceIds: fc.array(anyText, { maxLength: 6 }),
    message: anyText,
    advice: fc.option(anyText),
    isRequired: fc.boolean(),
  })
  .map((overrides) => aNotSeenView(overrides));

const anyView: fc.Arbitrary<AuditView> = fc
  .record({
    subnets: fc.array(anySubnet, { maxLength: 3 }),
    clusters: fc.array(anyCluster, { maxLength: 3 }),
    notSeen: fc.array(anyNotSeen, { maxLength: 3 }),
    regionsNotEnabled: fc.array(anyText, { maxLength: 3 }),
    accountName: orNull(anyText),
    outcome: fc.constantFrom('scanned', 'not-scanned', 'not-seen'),
  })
  .map(({ subnets, clusters, notSeen, regionsNotEnabled, accountName, outcome }) => {
    const account = {
      accountId: ACCOUNT_ID,
      accountName,
      state: accountName,
      outcome,
      regions: ['eu-west-1'],
      regionsNotEnabled,
      regionsLeftOut: [],
      notScannedReason: null,
    };
    return { subnets, clusters, coverage: aCoverageView({ notSeen, accounts: [account] }) };
  });

describe('hostile and unusual text in the table', () => {
  it('never makes a line wider than 100 columns', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        expect(tooWide(linesOf(view))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('never puts a control character on the terminal but the ends of our own lines', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const controls = [...renderAuditTable(view)].filter(
          (character) => character !== '\n' && /[\p{Cc}\p{Cf}]/u.test(character),
        );
        expect(controls).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('never forges a line: text of others begins no line of its own', () => {
    const forged = 'x\nhealthy    subnet-0forged\rrequired  nothing\u2028optional  nothing\u0085skipped   nothing';
    const view = anAuditView({
      coverage: aCoverageView({
        notSeen: [aNotSeenView({ message: forged, accountName: forged, resourceIds: [forged], region: forged })],
      }),
      subnets: [aSubnetView({ name: forged, subnetId: forged, problems: [forged], cidrBlock: forged })],
      clusters: [aClusterView({ clusterName: forged, region: forged, version: forged })],
    });
    const starts = linesOf(view).map((line) => /^(healthy|required|optional|skipped)\b/.exec(line)?.[1]);
    expect(starts.filter((start) => start !== undefined)).toEqual(['required', 'healthy', 'healthy']);
  });

  it('keeps the longest things that AWS writes on one line: no id is broken', () => {
    const subnetId = 'subnet-0ff20876f0d1510cd';
    const row = linesOf(
      withSubnet({
        subnetId,
        availabilityZoneId: 'use1-bos1-az1',
        cidrBlock: '100.164.128.0/16',
        addressesLeft: 65_531,
        usableAddressCount: 65_531,
        freePrefixCount: 4094,
        maxPrefixCount: 4094,
      }),
    ).find((line) => line.startsWith('healthy'));
    expect(row).toBe(
      'healthy   subnet-0ff20876f0d1510cd use1-bos1-az1 111122223333 100.164.128.0/16 65531 100 4094/4094',
    );
  });

  it('narrows the zone, not the id, where even that is too wide', () => {
    const table = renderAuditTable(
      withSubnet({
        status: 'exhausted',
        subnetId: 'subnet-0ff20876f0d1510cd',
        availabilityZoneId: 'use1-wl1-bos-wlz1',
        cidrBlock: '100.164.128.0/16',
        addressesLeft: 65_531,
        freePrefixCount: 4094,
        maxPrefixCount: 4094,
      }),
    );
    expect(tooWide(table.split('\n'))).toEqual([]);
    expect(table).toContain('subnet-0ff20876f0d1510cd');
    expect(table).toContain('4094/4094');
  });

  it('has room for old ids and a whole /16', () => {
    const row = linesOf(withSubnet({ subnetId: 'subnet-0a1b2c3d', cidrBlock: '10.0.0.0/16' })).find((line) =>
      line.startsWith('healthy'),
    );
    expect(row).toContain('healthy    subnet-0a1b2c3d  euw1-az1  111122223333  10.0.0.0/16');
  });
});
