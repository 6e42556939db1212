import type { AuditView } from '../api/audit-view.ts';
import { integerText } from '../domain/text/number-text.ts';
import { Absent } from './absent.tsx';
import { ForeignText } from './foreign-text.tsx';
import { ObservedTime } from './observed-time.tsx';
import { StatusTally } from './status-tally.tsx';

/** What the page is of: when, by whom, how much, and how it stands. */
export function AuditHeader({ view }: { readonly view: AuditView }) {
  const { coverage, clusters, subnets } = view;
  const oldest = subnets.map(({ observedAt }) => observedAt).toSorted()[0];
  return (
    <header class="page-header">
      <div class="page-identity">
        <p class="brand">Elbowroom</p>
        <h1>IP headroom of EKS clusters</h1>
        <p class="observed">
          Observed <ObservedTime at={coverage.startedAt} /> to <ObservedTime at={coverage.finishedAt} />.{' '}
          {oldest !== undefined && (
            <>
              The oldest subnet listing is of <ObservedTime at={oldest} />.{' '}
            </>
          )}
          Every number is as old as its own observation; this page does not refresh.
        </p>
        <dl class="scope">
          <div>
            <dt>Caller account</dt>
            <dd>
              {coverage.callerAccountId === null ? (
                <Absent reason="caller not known here" />
              ) : (
                <span class="id">
                  <ForeignText text={coverage.callerAccountId} />
                </span>
              )}
            </dd>
          </div>
          <ScopeCounts view={view} />
        </dl>
        <nav aria-label="Sections">
          <a href="#coverage">Coverage</a> <a href="#clusters">Clusters</a> <a href="#subnets">Subnets</a>{' '}
          <a href="#limits">Limits</a>
        </nav>
      </div>
      <StatusTally clusters={clusters} subnets={subnets} />
    </header>
  );
}

function ScopeCounts({ view: { coverage, clusters, subnets } }: { readonly view: AuditView }) {
  const scanned = coverage.accounts.filter(({ outcome }) => outcome === 'scanned');
  const regions = new Set(scanned.flatMap((account) => account.regions));
  return (
    <>
      <div>
        <dt>Accounts</dt>
        <dd>
          {integerText(scanned.length)} of {integerText(coverage.accounts.length)} scanned
        </dd>
      </div>
      <div>
        <dt>Regions</dt>
        <dd>{integerText(regions.size)}</dd>
      </div>
      <div>
        <dt>Accounts × regions</dt>
        <dd>
          {integerText(coverage.targetsFinished)} of {integerText(coverage.targetsExpected)} finished
        </dd>
      </div>
      <div>
        <dt>Clusters</dt>
        <dd>{integerText(clusters.length)}</dd>
      </div>
      <div>
        <dt>Subnets</dt>
        <dd>{integerText(subnets.length)}</dd>
      </div>
    </>
  );
}
