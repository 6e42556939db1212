import { describe, expect, it } from 'vitest';
import { renderAuditPage } from '../../lib/dashboard/audit-page.tsx';
import { STATUSES } from '../../lib/domain/capacity/subnet-status.ts';
import {
  aClusterView,
  aCoverageView,
  aNotSeenView,
  anAuditView,
  anIpv6OnlySubnetView,
  aSubnetView,
  aSubnetViewWithoutOwner,
  NO_FORECAST,
} from '../helpers/audit-view-builder.ts';
import { expectGolden } from '../helpers/golden.ts';
import { HOSTILE, variedAuditView } from '../helpers/varied-audit-view.ts';

/** What a person reads: the body without tags, its white space folded. */
function readText(html: string): string {
  return html
    .slice(html.indexOf('<body>'))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

/** The markup of one subnet's rows. */
function subnetMarkup(html: string, subnetId: string): string {
  const start = html.indexOf(`<tbody id="subnet-${subnetId}"`);
  expect(start).toBeGreaterThan(-1);
  return html.slice(start, html.indexOf('<details', start));
}

describe('the audit page', () => {
  it('is what the golden file shows', () => {
    expectGolden('audit-page.html', renderAuditPage(variedAuditView()));
  });

  it('says in its first lines when, by whom and how much was looked at', () => {
    const text = readText(renderAuditPage(variedAuditView()));
    expect(text).toContain('Observed 2026-11-23 07:59:41 UTC to 2026-11-23 08:00:22 UTC');
    expect(text).toContain('The oldest subnet listing is of 2026-11-23 08:00:00 UTC');
    expect(text).toMatch(/Caller account 999900001111 Accounts 2 of 4 scanned Regions 2 .* 4 of 4 finished/);
    expect(text).toMatch(/Clusters 5 Subnets 8/);
    expect(text).toMatch(/exhausted 1 1 critical 1 1 warning 1 1 unknown 1 2 healthy 1 3/);
  });

  it('has one heading of the first level and never skips a level', () => {
    const levels = [...renderAuditPage(variedAuditView()).matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels[0]).toBe(1);
    expect(levels.slice(1).filter((level, index) => level > (levels[index] ?? 0) + 1)).toEqual([]);
  });

  it('needs nothing from outside and may load nothing', () => {
    const html = renderAuditPage(variedAuditView());
    expect(html).toContain('content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"');
    expect(html).not.toMatch(/https?:|url\(|@import|<(?:script|link|img|iframe|object|embed|base|form)\b/i);
    expect(
      [...html.matchAll(/\s(?:href|src|action|srcset)="([^"]*)"/g)].filter(([, to]) => !to?.startsWith('#')),
    ).toEqual([]);
  });

  it('links only to what is on the page', () => {
    const html = renderAuditPage(variedAuditView());
    const ids = new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id));
    const targets = [...html.matchAll(/\shref="#([^"]*)"/g)].map(([, id]) => id);
    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter((target) => !ids.has(target))).toEqual([]);
  });
});

describe('hostile text', () => {
  it('is escaped wherever it stands', () => {
    const hostile = HOSTILE.markup;
    const html = renderAuditPage({
      coverage: aCoverageView({
        callerAccountId: hostile,
        isComplete: false,
        accounts: [
          {
            accountId: hostile,
            accountName: hostile,
            state: hostile,
            outcome: 'not-scanned',
            regions: [],
            regionsNotEnabled: [hostile],
            regionsLeftOut: [],
            notScannedReason: null,
          },
        ],
        notSeen: [
          aNotSeenView({
            scope: hostile,
            accountId: hostile,
            accountName: hostile,
            region: hostile,
            resourceIds: [hostile],
            action: hostile,
            code: hostile,
            awsErrorName: hostile,
            message: hostile,
          }),
        ],
      }),
      clusters: [
        aClusterView({ clusterId: hostile, clusterName: hostile, version: hostile, tags: { [hostile]: hostile } }),
      ],
      subnets: [
        aSubnetView({
          subnetId: hostile,
          name: hostile,
          cidrBlock: hostile,
          tags: { [hostile]: hostile },
          problems: [hostile],
          flowLogCoverageReasons: [hostile],
          leakedNetworkInterfaceIds: [hostile],
          availabilityZone: hostile,
        }),
      ],
    });
    expect(html).not.toMatch(/<script|<img/);
    expect(html).toContain(
      '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;',
    );
  });

  it('shows what would reorder or break the line', () => {
    const html = renderAuditPage(
      anAuditView({ subnets: [aSubnetView({ name: HOSTILE.reordered, tags: { note: HOSTILE.lines } })] }),
    );
    expect(html).toContain('invoice[U+202E]gpj.exe');
    expect(html).toContain('first line↵second line');
    expect(html).not.toContain('\u202e');
  });

  it('does not stop the page where an id is no valid text', () => {
    const html = renderAuditPage(anAuditView({ subnets: [aSubnetView({ subnetId: 'subnet-\ud800' })] }));
    expect(html).toContain('id="subnet-subnet-%EF%BF%BD"');
  });
});

describe('what was not seen', () => {
  it('stands before any cluster or subnet', () => {
    const html = renderAuditPage(variedAuditView());
    const positions = ['id="coverage"', 'sts:AssumeRole', 'eks:ListAddons', 'id="clusters"', 'id="subnets"'].map(
      (text) => html.indexOf(text),
    );
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(positions[0]).toBeGreaterThan(-1);
  });

  it('names the account, the call, the code, the words of AWS and the resources, required apart from optional', () => {
    const text = readText(renderAuditPage(variedAuditView()));
    expect(text).toContain('Incomplete: 2 required answers missing.');
    expect(text).toMatch(
      /Required 2 .*the whole account .*444444444444 sts:AssumeRole access-denied \( AccessDenied \)/,
    );
    expect(text).toMatch(/reservations subnet-0c1 subnet-0c2 Shop production 111122223333 us-east-1/);
    expect(text).toMatch(/Optional 1 .*addons analytics .*eks:ListAddons endpoint-unreachable connect ECONNREFUSED/);
    expect(text).toMatch(/Former acquisition 555555555555 : its state is SUSPENDED/);
    expect(text).toContain('af-south-1 (2 accounts), me-central-1 (1 account)');
  });

  it('is one plain sentence where everything was seen', () => {
    const html = renderAuditPage(anAuditView());
    expect(readText(html)).toContain('What was seen Everything that was asked for was seen.');
    expect(html).toContain('coverage-complete');
    expect(html).not.toContain('What was not seen</h2>');
  });

  it('does not claim to be complete where an optional answer is missing', () => {
    const coverage = aCoverageView({ notSeen: [aNotSeenView({ isRequired: false })] });
    const html = renderAuditPage(anAuditView({ coverage }));
    expect(readText(html)).toContain('What was not seen 1 optional answer missing. Every required fact was seen.');
    expect(html).not.toContain('coverage-complete"');
  });

  it.each([
    [8, 0],
    [9, 1],
  ])('folds the entries after the eighth: of %d it folds %d', (count, folded) => {
    const notSeen = Array.from({ length: count }, (_, index) => aNotSeenView({ region: `region-${index}` }));
    const html = renderAuditPage(anAuditView({ coverage: aCoverageView({ isComplete: false, notSeen }) }));
    expect(html.includes(`<summary>${folded} more</summary>`)).toBe(folded > 0);
    expect(html.match(/ec2:DescribeNetworkInterfaces/g)).toHaveLength(count);
  });

  it('says of an audit without an account that nothing was looked at, never that all was seen', () => {
    const html = renderAuditPage({
      coverage: aCoverageView({ accounts: [], callerAccountId: null, targetsExpected: 0, targetsFinished: 0 }),
      clusters: [],
      subnets: [],
    });
    const text = readText(html);
    expect(text).toContain('No account was scanned: this page says nothing about any subnet or cluster.');
    expect(text).not.toContain('Everything');
    expect(text).toContain('Caller account — caller not known here');
    expect(text).toContain('No EKS cluster was seen. There may be some in what was not seen.');
  });

  it('says that there is no cluster and no subnet only where everything required was seen', () => {
    const text = readText(renderAuditPage(anAuditView({ clusters: [], subnets: [] })));
    expect(text).toContain('There is no EKS cluster in what was scanned.');
    expect(text).toContain('There is no subnet in what was scanned.');
  });

  it('does not say that there is no cluster where some may be unseen', () => {
    const coverage = aCoverageView({ isComplete: false, notSeen: [aNotSeenView()] });
    const text = readText(renderAuditPage({ coverage, clusters: [], subnets: [] }));
    expect(text).toContain('No EKS cluster was seen. There may be some in what was not seen.');
    expect(text).toContain('No subnet was seen. There may be some in what was not seen.');
  });
});

describe('statuses', () => {
  it.each(STATUSES)('shows %s as a word, with a shape and a colour of its own', (status) => {
    const html = renderAuditPage(anAuditView({ subnets: [aSubnetView({ status })] }));
    const shapes = STATUSES.map((name) => new RegExp(`badge-${name}"><svg[^>]*><path d="([^"]*)"`).exec(html)?.[1]);
    expect(new Set(shapes).size).toBe(STATUSES.length);
    expect(subnetMarkup(html, 'subnet-0a')).toMatch(
      new RegExp(`<span class="badge badge-${status}">.*${status}</span>`, 's'),
    );
  });

  it('come most urgent first, in whatever order the view has them', () => {
    const subnets = STATUSES.toReversed().map((status) => aSubnetView({ subnetId: `subnet-${status}`, status }));
    const clusters = STATUSES.toReversed().map((status) => aClusterView({ clusterId: `1:r:${status}`, status }));
    const html = renderAuditPage(anAuditView({ subnets, clusters }));
    const order = (pattern: RegExp) => [...html.matchAll(pattern)].map(([, status]) => status);
    expect(order(/<tbody id="subnet-subnet-([a-z]+)"/g)).toEqual(STATUSES);
    expect(order(/<article id="cluster-1%3Ar%3A([a-z]+)"/g)).toEqual(STATUSES);
  });

  it('come with every reason but the missing forecast, which the footer says once', () => {
    const text = readText(renderAuditPage(variedAuditView()));
    expect(text).toContain('9 addresses free, 15 % of the subnet is 38');
    expect(text.split(NO_FORECAST.message)).toHaveLength(2);
    expect(text.indexOf(NO_FORECAST.message)).toBeGreaterThan(text.indexOf('What this page cannot say'));
  });
});

describe('numbers', () => {
  it('stand beside the bar and in its text alternative', () => {
    const markup = subnetMarkup(renderAuditPage(anAuditView()), 'subnet-0a');
    expect(markup).toContain('aria-label="251 usable addresses: 91 used, 16 reserved, 144 free"');
    expect(readText(`<body>${markup}`)).toMatch(/91 used .*16 reserved .*144 free of 251 usable 144 8 of 14 0\.07/);
  });

  it('draw a part for every count that is not zero, wide enough to be seen, and fill the bar', () => {
    const subnet = aSubnetView({ usedAddressCount: 250, freeAddressCount: 1, reservedAddressCount: 0 });
    const markup = subnetMarkup(renderAuditPage(anAuditView({ subnets: [subnet] })), 'subnet-0a');
    const widths = [...markup.matchAll(/<rect class="bar-part-(\w+)" x="[\d.]+" y="0" width="([\d.]+)"/g)];
    expect(widths.map(([, part]) => part)).toEqual(['used', 'free']);
    expect(Number(widths[1]?.[2])).toBeGreaterThanOrEqual(2);
    expect(widths.reduce((sum, [, , width]) => sum + Number(width), 0)).toBeCloseTo(100, 1);
  });

  it('are never zero where they are not known', () => {
    const subnets = [
      aSubnetViewWithoutOwner({ subnetId: 'subnet-unlisted', freePrefixCountMost: 14 }),
      anIpv6OnlySubnetView({ subnetId: 'subnet-v6' }),
    ];
    const html = renderAuditPage(anAuditView({ subnets }));
    const unlisted = readText(`<body>${subnetMarkup(html, 'subnet-unlisted')}`);
    expect(unlisted).toMatch(
      /107 used or reserved .*144 free of 251 usable 144 — interfaces not listed — interfaces not listed/,
    );
    const ipv6Only = readText(`<body>${subnetMarkup(html, 'subnet-v6')}`);
    expect(ipv6Only).not.toMatch(/\b0\b/);
    expect(ipv6Only.match(/— no IPv4 block/g)).toHaveLength(5);
  });

  it.each([
    ['network-interfaces', 'Who holds addresses No network interface was listed.'],
    ['available-ip-address-count', 'Who holds addresses — interfaces not listed'],
    [null, 'Who holds addresses — none known of'],
  ] as const)('of holders are absent, not none, unless counted from the interfaces: %s', (countedFrom, sentence) => {
    const html = renderAuditPage(anAuditView({ subnets: [aSubnetView({ countedFrom, holders: [] })] }));
    expect(readText(html)).toContain(sentence);
  });

  it('show both counts where EC2 and the interfaces differ, and none where they agree', () => {
    const differing = aSubnetView({ subnetId: 'subnet-b', availableIpAddressCount: 141, addressesLeft: 141 });
    const html = renderAuditPage(anAuditView({ subnets: [aSubnetView(), differing] }));
    expect(subnetMarkup(html, 'subnet-b')).toContain('144 by interfaces, 141 by EC2');
    expect(subnetMarkup(html, 'subnet-0a')).not.toContain('by EC2');
  });

  it('give free blocks as a range where hidden addresses may break some', () => {
    const subnets = [aSubnetView({ freePrefixCount: 4, freePrefixCountMost: 5 })];
    expect(renderAuditPage(anAuditView({ subnets }))).toContain('<b>4–5</b> of 14');
  });

  it('of zones stay apart: the page adds none of them up', () => {
    const zones = [
      { zone: 'euw1-az1', subnetIds: ['subnet-0a'], addressesLeft: 1111, freePrefixCount: 5 },
      { zone: 'euw1-az2', subnetIds: ['subnet-0b'], addressesLeft: 2222, freePrefixCount: null },
    ];
    const text = readText(renderAuditPage(anAuditView({ clusters: [aClusterView({ zones })] })));
    expect(text).toMatch(/euw1-az1 1,111 5 subnet-0a euw1-az2 2,222 — not all interfaces listed/);
    expect(text).not.toContain('3,333');
  });
});

describe('a cluster of which little was seen', () => {
  it('says what is missing instead of a number', () => {
    const text = readText(renderAuditPage(variedAuditView()));
    expect(text).toMatch(/unknown lost Data platform 333333333333 eu-west-1 Kubernetes — version not seen/);
    expect(text).toContain('Binding subnet — none of its subnets was seen');
    expect(text).toContain('The cluster could not be described.');
    expect(text).toContain('Its node groups could not be listed.');
    expect(text).toContain('1 subnet not seen: subnet-0nobody');
    expect(text).toContain('no room by zone');
  });
});
