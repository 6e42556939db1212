import type { ClusterView } from '../api/cluster-view.ts';
import type { SubnetView } from '../api/subnet-view.ts';
import { countText } from '../domain/text/number-text.ts';
import { visibleText } from '../domain/text/visible-text.ts';
import { Absent } from './absent.tsx';
import { AccountLabel } from './account-label.tsx';
import { ClusterDetails } from './cluster-details.tsx';
import { ForeignText } from './foreign-text.tsx';
import { clusterAnchor, subnetAnchor } from './page-anchors.ts';
import { StatusBadge } from './status-badge.tsx';
import { StatusReasons } from './status-reasons.tsx';
import { ZoneRoomTable } from './zone-room-table.tsx';

interface ClusterArticleProps {
  readonly cluster: ClusterView;
  /** The subnet that decides the status, where it is known. */
  readonly binding: SubnetView | undefined;
}

/** One cluster: what it is, how it stands and because of which subnet, and its room by zone. */
export function ClusterArticle({ cluster, binding }: ClusterArticleProps) {
  const { clusterId, clusterName, accountId, accountName, region, zones } = cluster;
  return (
    <article id={clusterAnchor(clusterId)} class={`cluster edge-${cluster.status}`}>
      <div class="cluster-identity">
        <div class="cluster-title">
          <StatusBadge status={cluster.status} />
          <h3 class="name" title={visibleText(clusterName)}>
            <ForeignText text={clusterName} />
          </h3>
        </div>
        <p class="where">
          <AccountLabel accountId={accountId} accountName={accountName} />
          <span class="region">
            <ForeignText text={region} />
          </span>
          <ClusterVersion cluster={cluster} />
          {cluster.ownerTeam !== null && <ForeignText text={cluster.ownerTeam} />}
        </p>
        <BindingSubnet cluster={cluster} binding={binding} />
        <StatusReasons reasons={cluster.statusReasons} />
        <ClusterGaps cluster={cluster} />
      </div>
      <div class="cluster-room">
        {zones.length === 0 ? (
          <Absent reason="no room by zone: no subnet with IPv4 addresses was seen" />
        ) : (
          <ZoneRoomTable zones={zones} clusterName={clusterName} />
        )}
      </div>
      <ClusterDetails cluster={cluster} />
    </article>
  );
}

function ClusterVersion({ cluster: { version, clusterStatus } }: { readonly cluster: ClusterView }) {
  return (
    <span>
      Kubernetes {version === null ? <Absent reason="version not seen" /> : <ForeignText text={version} />}
      {clusterStatus !== null && clusterStatus !== 'ACTIVE' && (
        <>
          , <ForeignText text={clusterStatus} />
        </>
      )}
    </span>
  );
}

function BindingSubnet({ cluster, binding }: ClusterArticleProps) {
  const { bindingSubnetId } = cluster;
  if (bindingSubnetId === null) {
    return (
      <p class="binding">
        Binding subnet <Absent reason="none of its subnets was seen" />
      </p>
    );
  }
  return (
    <p class="binding">
      Binding subnet{' '}
      <a class="id" href={`#${subnetAnchor(bindingSubnetId)}`}>
        <ForeignText text={bindingSubnetId} />
      </a>
      {binding !== undefined && (
        <>
          {' in '}
          <ForeignText text={binding.availabilityZoneId ?? binding.availabilityZone} />
        </>
      )}
    </p>
  );
}

/** What keeps a cluster from being better than unknown. */
function ClusterGaps({ cluster: { clusterArn, nodegroups, subnets } }: Pick<ClusterArticleProps, 'cluster'>) {
  const unseenSubnetIds = subnets.filter(({ isSeen }) => !isSeen).map(({ subnetId }) => subnetId);
  return (
    <>
      {clusterArn === null && <p class="gap">The cluster could not be described.</p>}
      {nodegroups === null && <p class="gap">Its node groups could not be listed.</p>}
      {unseenSubnetIds.length > 0 && (
        <p class="gap">
          {countText(unseenSubnetIds.length, 'subnet')} not seen: <ForeignText text={unseenSubnetIds.join(', ')} />
        </p>
      )}
    </>
  );
}
