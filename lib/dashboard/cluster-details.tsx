import type { ClusterView } from '../api/cluster-view.ts';
import { countText, integerText } from '../domain/text/number-text.ts';
import { Absent } from './absent.tsx';
import { ForeignText } from './foreign-text.tsx';
import { ObservedTime } from './observed-time.tsx';
import { TagList } from './tag-list.tsx';

/** What runs in a cluster, folded. */
export function ClusterDetails({ cluster }: { readonly cluster: ClusterView }) {
  const { nodegroups, subnets, observedAt, vpcId, ipFamily, autoMode } = cluster;
  const issueCount = nodegroups?.reduce((sum, { healthIssues }) => sum + healthIssues.length, 0);
  const summary = [
    countText(subnets.length, 'subnet'),
    nodegroups === null ? 'node groups not seen' : countText(nodegroups.length, 'node group'),
    ...(issueCount === undefined || issueCount === 0 ? [] : [countText(issueCount, 'health issue')]),
  ];
  return (
    <details class="details">
      <summary>
        Details <span class="summary-facts">{summary.join(' · ')}</span>
      </summary>
      <div class="details-grid">
        <section>
          <h4>Cluster</h4>
          <dl class="pairs">
            <div>
              <dt>Observed</dt>
              <dd>
                <ObservedTime at={observedAt} />
              </dd>
            </div>
            <div>
              <dt>VPC</dt>
              <dd>{vpcId === null ? <Absent reason="not seen" /> : <ForeignText text={vpcId} />}</dd>
            </div>
            <div>
              <dt>IP family</dt>
              <dd>{ipFamily === null ? <Absent reason="not seen" /> : <ForeignText text={ipFamily} />}</dd>
            </div>
            <div>
              <dt>Auto Mode</dt>
              <dd>{autoMode === null ? <Absent reason="not seen" /> : autoModeText(autoMode)}</dd>
            </div>
          </dl>
        </section>
        <NodegroupSection nodegroups={nodegroups} />
        <section>
          <h4>Fargate profiles and add-ons</h4>
          <FargateProfiles fargateProfiles={cluster.fargateProfiles} />
          <Addons addons={cluster.addons} />
        </section>
        <section>
          <h4>Tags</h4>
          <TagList tags={cluster.tags} />
        </section>
      </div>
    </details>
  );
}

function autoModeText(autoMode: boolean): string {
  return autoMode ? 'on' : 'off';
}

function NodegroupSection({ nodegroups }: Pick<ClusterView, 'nodegroups'>) {
  return (
    <section>
      <h4>Node groups</h4>
      {nodegroups === null && <Absent reason="could not be listed" />}
      {nodegroups !== null && nodegroups.length === 0 && <p>No managed node group.</p>}
      {nodegroups !== null && nodegroups.length > 0 && (
        <ul class="items">
          {nodegroups.map(({ nodegroupName, instanceTypes, minSize, desiredSize, maxSize, healthIssues }) => (
            <li>
              <b>
                <ForeignText text={nodegroupName} />
              </b>
              {': '}
              <NodeCount count={desiredSize} /> desired, <NodeCount count={minSize} /> to <NodeCount count={maxSize} />{' '}
              nodes
              {instanceTypes.length > 0 && (
                <>
                  {' of '}
                  <ForeignText text={instanceTypes.join(', ')} />
                </>
              )}
              {healthIssues.map((issue) => (
                <p class="gap">
                  <ForeignText text={issue} />
                </p>
              ))}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function NodeCount({ count }: { readonly count: number | null }) {
  return count === null ? <Absent reason="not said" /> : integerText(count);
}

function FargateProfiles({ fargateProfiles }: Pick<ClusterView, 'fargateProfiles'>) {
  if (fargateProfiles === null) {
    return (
      <p>
        Fargate profiles: <Absent reason="could not be listed" />
      </p>
    );
  }
  return fargateProfiles.length === 0 ? (
    <p>No Fargate profile.</p>
  ) : (
    <p>
      Fargate profiles:{' '}
      <ForeignText text={fargateProfiles.map(({ fargateProfileName }) => fargateProfileName).join(', ')} />
    </p>
  );
}

function Addons({ addons }: Pick<ClusterView, 'addons'>) {
  if (addons === null) {
    return (
      <p>
        Add-ons: <Absent reason="could not be listed" />
      </p>
    );
  }
  if (addons.length === 0) {
    return <p>No EKS add-on.</p>;
  }
  return (
    <ul class="items">
      {addons.map(({ addonName, addonVersion, status, configurationProblem }) => (
        <li>
          <ForeignText text={addonName} />{' '}
          {addonVersion === null ? <Absent reason="version not said" /> : <ForeignText text={addonVersion} />}
          {status !== null && status !== 'ACTIVE' && (
            <>
              , <ForeignText text={status} />
            </>
          )}
          {configurationProblem !== null && (
            <>
              , configuration not readable: <ForeignText text={configurationProblem} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
