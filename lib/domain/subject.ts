import type { Tags } from './tags.ts';

/** What the rules of the settings are matched against. What could not be read is `undefined`, never empty. */
export interface AccountSubject {
  readonly kind: 'account';
  readonly accountId: string;
  /**
   * Where the account stands in the organisation, as `Account.Paths` of AWS Organizations says it
   * (`o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/111122223333/`); `undefined` where the organisation was not seen.
   */
  readonly organizationalUnitPaths: readonly string[] | undefined;
}

export interface ClusterSubject {
  readonly kind: 'cluster';
  /** The account that runs the cluster. */
  readonly account: AccountSubject;
  readonly clusterName: string;
  readonly tags: Tags | undefined;
  readonly vpcTags: Tags | undefined;
}

export interface SubnetSubject {
  readonly kind: 'subnet';
  /** The account that owns the subnet. */
  readonly account: AccountSubject;
  /** Of the IPv4 CIDR block; `undefined` for an IPv6-only subnet. */
  readonly prefixLength: number | undefined;
  /** `undefined` where only a participant sees the subnet: AWS shows it no tags of the owner. */
  readonly tags: Tags | undefined;
  readonly vpcTags: Tags | undefined;
  /** The clusters that the subnet serves, of any account. */
  readonly clusters: readonly ClusterSubject[];
}
