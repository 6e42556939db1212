import { describe, expect, it } from 'vitest';
import { auditAccounts } from '../../lib/audit/audit-accounts.ts';
import { REQUIRED_FACTS_DEFAULT } from '../../lib/audit/coverage.ts';
import { parseSettings } from '../../lib/settings/parse-settings.ts';
import { settingsPolicy } from '../../lib/wiring/settings-policy.ts';
import { type FakeAccount, fakeOrganization, ownFacts, region } from '../audit/fake-organization.ts';
import { aSubnet } from '../helpers/builders.ts';
import { seen } from '../helpers/region-facts-builder.ts';

const FIRST = '111111111111';
const SECOND = '222222222222';
const UNIT = 'ou-ab12-11111111';
const BOTH = [region('eu-west-1'), region('us-east-1')];

function policyOf(text: string) {
  const settings = parseSettings(text);
  if (!settings.ok) {
    throw new Error(JSON.stringify(settings.error));
  }
  return settingsPolicy(settings.value);
}

function audit(
  text: string,
  accounts: readonly FakeAccount[],
  request: { accountIds?: string[]; regions?: string[] } = {},
) {
  const { accountIds, regions } = request;
  const organization = fakeOrganization(accounts, { policy: policyOf(text) });
  return auditAccounts(
    {
      accounts: accountIds === undefined ? { kind: 'organization' } : { kind: 'list', accountIds },
      regions,
      requiredFacts: REQUIRED_FACTS_DEFAULT,
    },
    organization.ports,
    new AbortController().signal,
  );
}

describe('the scope of the settings', () => {
  const excluding = `scope: { accounts: { exclude: ['${FIRST}'] } }`;

  it('leaves an account out, says by which line, and is complete without it', async () => {
    const { coverage, states } = await audit(excluding, [{ accountId: FIRST }, { accountId: SECOND }]);
    expect(coverage.accounts).toMatchObject([
      {
        accountId: FIRST,
        outcome: 'not-scanned',
        notScannedReason: 'the settings exclude it: scope.accounts.exclude[0]',
      },
      { accountId: SECOND, outcome: 'scanned', notScannedReason: undefined },
    ]);
    expect(coverage.notSeen).toEqual([]);
    expect(states.flatMap(({ subnets }) => subnets.map(({ subnet }) => subnet.ownerId))).toEqual([SECOND]);
  });

  it('leaves out what no include names', async () => {
    const { coverage } = await audit(`scope: { accounts: { include: ['${SECOND}'] } }`, [{ accountId: FIRST }]);
    expect(coverage.accounts).toMatchObject([
      { outcome: 'not-scanned', notScannedReason: 'the settings do not include it' },
    ]);
  });

  it('does not hold for an account that is named to the audit', async () => {
    const { coverage } = await audit(excluding, [{ accountId: FIRST }], { accountIds: [FIRST] });
    expect(coverage.accounts).toMatchObject([{ accountId: FIRST, outcome: 'scanned' }]);
  });

  it('of units makes an account not seen where its units were not listed, and does not enter it', async () => {
    const text = `scope: { organizationalUnits: { exclude: [${UNIT}] } }`;
    const listed = await audit(text, [{ accountId: FIRST, organizationalUnitPaths: [`o-a/r-ab12/${UNIT}/${FIRST}/`] }]);
    expect(listed.coverage.accounts).toMatchObject([{ outcome: 'not-scanned' }]);
    const unlisted = await audit(text, [{ accountId: FIRST }]);
    expect(unlisted.coverage.accounts).toMatchObject([{ outcome: 'not-seen' }]);
    expect(unlisted.coverage.notSeen).toMatchObject([{ scope: 'account', accountId: FIRST, isRequired: true }]);
    expect(unlisted.states).toEqual([]);
  });

  it('leaves regions out by pattern, unless regions are named to the audit', async () => {
    const text = "scope: { regions: { exclude: ['us-*'] } }";
    const open = await audit(text, [{ accountId: FIRST, regions: BOTH }]);
    expect(open.coverage.accounts).toMatchObject([{ regions: ['eu-west-1'], regionsLeftOut: ['us-east-1'] }]);
    const named = await audit(text, [{ accountId: FIRST, regions: BOTH }], { regions: ['us-east-1'] });
    expect(named.coverage.accounts).toMatchObject([{ regions: ['us-east-1'], regionsLeftOut: [] }]);
  });
});

describe('owners and thresholds of the settings', () => {
  it('name the team of a subnet', async () => {
    const text = `owners: [{ match: { account: '${FIRST}' }, team: networking }]`;
    const { states } = await audit(text, [{ accountId: FIRST }, { accountId: SECOND }]);
    const teams = states.flatMap(({ subnets }) => subnets.map(({ subnet, team }) => [subnet.ownerId, team]));
    expect(teams).toEqual([
      [FIRST, 'networking'],
      [SECOND, undefined],
    ]);
  });

  it('decide the status of a subnet', async () => {
    const subnet = aSubnet({ ownerId: FIRST, availableIpAddressCount: 100 });
    const facts = { 'eu-west-1': { ...ownFacts(FIRST, 'eu-west-1'), subnets: seen([subnet]) } };
    const reasonsWith = async (ratio: number) => {
      const text = `thresholds: { overrides: [{ match: { account: '${FIRST}' }, freeRatioWarning: ${ratio} }] }`;
      const { states } = await audit(text, [{ accountId: FIRST, facts }]);
      return states[0]?.subnets[0]?.status.reasons.map(({ code }) => code);
    };
    // 100 of 251 usable addresses are 39.8 %.
    expect(await reasonsWith(0.39)).toEqual(['no-forecast']);
    expect(await reasonsWith(0.4)).toEqual(['few-free-addresses', 'no-forecast']);
  });
});
