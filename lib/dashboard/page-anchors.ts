/** Ids of elements that other parts of a page link to as `#id`. AWS ids are text from outside, so they are encoded. */

export function subnetAnchor(subnetId: string): string {
  return anchor('subnet', subnetId);
}

export function clusterAnchor(clusterId: string): string {
  return anchor('cluster', clusterId);
}

function anchor(kind: string, id: string): string {
  return `${kind}-${encodeURIComponent(id.toWellFormed())}`;
}
