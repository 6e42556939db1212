import type { SubnetView } from '../api/subnet-view.ts';
import { countText } from '../domain/text/number-text.ts';
import { Absent } from './absent.tsx';
import { ForeignText } from './foreign-text.tsx';
import { HolderTable } from './holder-table.tsx';
import { SubnetCounts } from './subnet-counts.tsx';
import { SubnetFlowLogs } from './subnet-flow-logs.tsx';
import { TagList } from './tag-list.tsx';
import { whyNoInterfaces } from './why-not-counted.ts';

interface SubnetProps {
  readonly subnet: SubnetView;
}

/** Everything else that is known of a subnet, folded. The fold says what deserves a look. */
export function SubnetDetails({ subnet }: SubnetProps) {
  return (
    <details class="details">
      <summary>
        Details <span class="summary-facts">{summaryText(subnet)}</span>
      </summary>
      <div class="details-grid">
        <section>
          <h4>Who holds addresses</h4>
          <HolderTable subnet={subnet} />
          <h4>Leaked interfaces</h4>
          <LeakedNetworkInterfaces subnet={subnet} />
          <h4>Flow logs</h4>
          <SubnetFlowLogs subnet={subnet} />
          <h4>Problems in the answers</h4>
          <Problems problems={subnet.problems} />
        </section>
        <SubnetCounts subnet={subnet} />
        <section>
          <h4>Clusters served</h4>
          <ClusterSources clusters={subnet.clusters} />
          <h4>Tags</h4>
          <TagList tags={subnet.tags} />
        </section>
      </div>
    </details>
  );
}

function summaryText({ holders, leakedNetworkInterfaceIds, problems, reconciliation, flowLogCoverage }: SubnetView) {
  const parts = [`flow logs ${flowLogCoverage}`];
  if (holders.length > 0) {
    parts.unshift(countText(holders.length, 'kind of holder', 'kinds of holder'));
  }
  if (leakedNetworkInterfaceIds.length > 0) {
    parts.push(countText(leakedNetworkInterfaceIds.length, 'leaked interface'));
  }
  if (reconciliation === 'unexplained') {
    parts.push('count not explained');
  }
  if (problems.length > 0) {
    parts.push(countText(problems.length, 'problem'));
  }
  return parts.join(' · ');
}

function LeakedNetworkInterfaces({ subnet }: SubnetProps) {
  const { leakedNetworkInterfaceIds, countedFrom } = subnet;
  if (leakedNetworkInterfaceIds.length > 0) {
    return (
      <>
        <p>Left behind by the VPC CNI; deleting them frees addresses.</p>
        <ul class="resources">
          {leakedNetworkInterfaceIds.map((networkInterfaceId) => (
            <li class="id">
              <ForeignText text={networkInterfaceId} />
            </li>
          ))}
        </ul>
      </>
    );
  }
  return (
    <p>
      {countedFrom === 'network-interfaces' ? (
        'None among the interfaces listed.'
      ) : (
        <Absent reason={whyNoInterfaces(subnet)} />
      )}
    </p>
  );
}

function Problems({ problems }: Pick<SubnetView, 'problems'>) {
  if (problems.length === 0) {
    return <p>None.</p>;
  }
  return (
    <ul class="items">
      {problems.map((problem) => (
        <li>
          <ForeignText text={problem} />
        </li>
      ))}
    </ul>
  );
}

function ClusterSources({ clusters }: Pick<SubnetView, 'clusters'>) {
  if (clusters.length === 0) {
    return <p>None that was seen.</p>;
  }
  return (
    <ul class="items">
      {clusters.map(({ clusterId, sources }) => (
        <li>
          <ForeignText text={clusterId} />: {sources.map((source) => source.replaceAll('-', ' ')).join(', ')}
        </li>
      ))}
    </ul>
  );
}
