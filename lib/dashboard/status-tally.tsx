import type { ClusterView } from '../api/cluster-view.ts';
import type { SubnetView } from '../api/subnet-view.ts';
import { STATUSES } from '../domain/capacity/subnet-status.ts';
import { integerText } from '../domain/text/number-text.ts';
import { StatusBadge } from './status-badge.tsx';

interface StatusTallyProps {
  readonly clusters: readonly Pick<ClusterView, 'status'>[];
  readonly subnets: readonly Pick<SubnetView, 'status'>[];
}

/** How many clusters and subnets have each status, most urgent first. */
export function StatusTally({ clusters, subnets }: StatusTallyProps) {
  return (
    <div class="tally">
      <table>
        <caption class="unseen">Clusters and subnets by status</caption>
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col" class="num">
              Clusters
            </th>
            <th scope="col" class="num">
              Subnets
            </th>
          </tr>
        </thead>
        <tbody>
          {STATUSES.map((status) => (
            <tr>
              <th scope="row">
                <StatusBadge status={status} />
              </th>
              <TallyCell count={countOf(clusters, status)} />
              <TallyCell count={countOf(subnets, status)} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TallyCell({ count }: { readonly count: number }) {
  return <td class={count === 0 ? 'num none' : 'num'}>{integerText(count)}</td>;
}

function countOf(items: readonly { readonly status: string }[], status: string): number {
  return items.filter((item) => item.status === status).length;
}
