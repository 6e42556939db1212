import type { ClusterView } from '../api/cluster-view.ts';
import type { SubnetView } from '../api/subnet-view.ts';
import { byUrgency } from './by-urgency.ts';
import { ClusterArticle } from './cluster-article.tsx';

interface ClusterSectionProps {
  readonly clusters: readonly ClusterView[];
  readonly subnets: readonly SubnetView[];
  readonly isComplete: boolean;
}

/** Every cluster, the most urgent first. `isComplete` says whether every required fact was seen. */
export function ClusterSection({ clusters, subnets, isComplete }: ClusterSectionProps) {
  const subnetById = new Map(subnets.map((subnet) => [subnet.subnetId, subnet]));
  return (
    <section id="clusters" aria-labelledby="clusters-title">
      <h2 id="clusters-title">Clusters by urgency</h2>
      {clusters.length === 0 ? (
        <p class="empty">
          {isComplete
            ? 'There is no EKS cluster in what was scanned.'
            : 'No EKS cluster was seen. There may be some in what was not seen.'}
        </p>
      ) : (
        <>
          <p class="hint">
            A cluster is as well as its worst subnet, the binding one. Room is shown for each zone and never added up
            across zones: pods of one zone cannot use another zone’s addresses.
          </p>
          {byUrgency(clusters).map((cluster) => (
            <ClusterArticle
              cluster={cluster}
              binding={cluster.bindingSubnetId === null ? undefined : subnetById.get(cluster.bindingSubnetId)}
            />
          ))}
        </>
      )}
    </section>
  );
}
