import type { CoverageView, NotSeenView } from '../api/coverage-view.ts';
import { countText, integerText } from '../domain/text/number-text.ts';
import { Absent } from './absent.tsx';
import { AccountLabel } from './account-label.tsx';
import { ForeignText } from './foreign-text.tsx';
import { NotSeenTable } from './not-seen-table.tsx';

/** What was not seen, before any number that it may change; or a sentence that everything was. */
export function CoverageSection({ coverage }: { readonly coverage: CoverageView }) {
  const required = coverage.notSeen.filter(({ isRequired }) => isRequired);
  const optional = coverage.notSeen.filter(({ isRequired }) => !isRequired);
  const tone = coverageTone(coverage);
  return (
    <section id="coverage" class={`coverage coverage-${tone}`} aria-labelledby="coverage-title">
      <h2 id="coverage-title">{tone === 'complete' ? 'What was seen' : 'What was not seen'}</h2>
      <p class="verdict">{verdictText(coverage, required.length, optional.length)}</p>
      <NotSeenGroup title="Required" entries={required} />
      <NotSeenGroup title="Optional" entries={optional} />
      <AccountsNotScanned accounts={coverage.accounts} />
      <RegionList
        title="Regions not enabled, so nothing can run in them"
        regions={coverage.accounts.flatMap(({ regionsNotEnabled }) => regionsNotEnabled)}
      />
      <RegionList
        title="Regions left out by the settings"
        regions={coverage.accounts.flatMap(({ regionsLeftOut }) => regionsLeftOut)}
      />
      {coverage.requiredFacts.length > 0 && (
        <p class="quiet">
          Required facts: {coverage.requiredFacts.map((fact) => fact.replaceAll('-', ' ')).join(', ')}.
        </p>
      )}
    </section>
  );
}

function coverageTone({ notSeen, isComplete, accounts, targetsExpected, targetsFinished }: CoverageView) {
  const isAnythingScanned = accounts.some(({ outcome }) => outcome === 'scanned');
  if (!isComplete || !isAnythingScanned || targetsFinished < targetsExpected) {
    return 'incomplete';
  }
  const isEverythingScanned = accounts.every(({ outcome }) => outcome === 'scanned');
  return notSeen.length === 0 && isEverythingScanned ? 'complete' : 'partial';
}

function verdictText(coverage: CoverageView, requiredCount: number, optionalCount: number): string {
  const sentences: string[] = [];
  const { accounts, targetsExpected, targetsFinished } = coverage;
  if (!accounts.some(({ outcome }) => outcome === 'scanned')) {
    sentences.push('No account was scanned: this page says nothing about any subnet or cluster.');
  }
  if (targetsFinished < targetsExpected) {
    const unfinished = targetsExpected - targetsFinished;
    sentences.push(`${countText(unfinished, 'account and region', 'accounts and regions')} not finished.`);
  }
  if (requiredCount > 0) {
    sentences.push(
      `Incomplete: ${countText(requiredCount, 'required answer')} missing. The numbers below leave out what is listed here.`,
    );
  }
  if (optionalCount > 0) {
    sentences.push(`${countText(optionalCount, 'optional answer')} missing.`);
  }
  if (sentences.length === 0) {
    const isEveryoneScanned = accounts.every(({ outcome }) => outcome === 'scanned');
    return isEveryoneScanned
      ? 'Everything that was asked for was seen.'
      : 'Everything was seen in the accounts that were scanned.';
  }
  if (requiredCount === 0 && coverageTone(coverage) === 'partial') {
    sentences.push('Every required fact was seen.');
  }
  return sentences.join(' ');
}

/** So many entries stand open; an organisation that lets nobody in would push the rest of the page away. */
const ENTRIES_SHOWN = 8;

function NotSeenGroup({ title, entries }: { readonly title: string; readonly entries: readonly NotSeenView[] }) {
  if (entries.length === 0) {
    return null;
  }
  const folded = entries.slice(ENTRIES_SHOWN);
  return (
    <>
      <h3>
        {title} <span class="count">{integerText(entries.length)}</span>
      </h3>
      <NotSeenTable caption={`${title}: not seen`} entries={entries.slice(0, ENTRIES_SHOWN)} />
      {folded.length > 0 && (
        <details class="more">
          <summary>{integerText(folded.length)} more</summary>
          <NotSeenTable caption={`${title}: not seen, the rest`} entries={folded} />
        </details>
      )}
    </>
  );
}

type AccountCoverageView = CoverageView['accounts'][number];

function AccountsNotScanned({ accounts }: { readonly accounts: readonly AccountCoverageView[] }) {
  const notScanned = accounts.filter(({ outcome }) => outcome === 'not-scanned');
  if (notScanned.length === 0) {
    return null;
  }
  return (
    <>
      <h3>
        Accounts not scanned <span class="count">{integerText(notScanned.length)}</span>
      </h3>
      <ul class="accounts-not-scanned">
        {notScanned.map(({ accountId, accountName, notScannedReason }) => (
          <li>
            <AccountLabel accountId={accountId} accountName={accountName} />:{' '}
            {notScannedReason === null ? <Absent reason="why is not known" /> : <ForeignText text={notScannedReason} />}
          </li>
        ))}
      </ul>
    </>
  );
}

interface RegionListProps {
  readonly title: string;
  /** A region stands here once for each account it is about. */
  readonly regions: readonly string[];
}

function RegionList({ title, regions }: RegionListProps) {
  const accountCounts = new Map<string, number>();
  for (const region of regions) {
    accountCounts.set(region, (accountCounts.get(region) ?? 0) + 1);
  }
  if (accountCounts.size === 0) {
    return null;
  }
  const texts = [...accountCounts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([region, count]) => `${region} (${countText(count, 'account')})`);
  return (
    <p class="quiet">
      {title}: <ForeignText text={texts.join(', ')} />.
    </p>
  );
}
