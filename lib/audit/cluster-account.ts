/** Returns the account of a cluster, by the cluster's id: `{accountId}:{region}:{clusterName}`. */
export function accountOfCluster(clusterId: string): string {
  return clusterId.slice(0, clusterId.indexOf(':'));
}
