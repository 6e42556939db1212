import type { SubnetView } from '../api/subnet-view.ts';
import type { TrendView } from '../api/trend-view.ts';
import { integerText, ratioText } from '../domain/text/number-text.ts';
import { visibleText } from '../domain/text/visible-text.ts';
import { Absent } from './absent.tsx';
import { AccountLabel } from './account-label.tsx';
import { ForeignText } from './foreign-text.tsx';
import { clusterAnchor, subnetAnchor } from './page-anchors.ts';
import { RoomBar } from './room-bar.tsx';
import { StatusBadge } from './status-badge.tsx';
import { StatusReasons } from './status-reasons.tsx';
import { SubnetDetails } from './subnet-details.tsx';
import { TrendChart } from './trend-chart.tsx';
import { whyNotCounted } from './why-not-counted.ts';

interface SubnetProps {
  readonly subnet: SubnetView;
}

const COLUMN_COUNT = 6;

interface SubnetRowsProps extends SubnetProps {
  readonly trend: TrendView | undefined;
}

/** One subnet of a table: a row of numbers, and one of reasons, trend and details. */
export function SubnetRows({ subnet, trend }: SubnetRowsProps) {
  const { subnetId, name } = subnet;
  return (
    <tbody id={subnetAnchor(subnetId)} class={`edge-${subnet.status}`}>
      <tr class="subnet-numbers">
        <th scope="row">
          {name === null ? (
            <Absent reason="no Name tag" />
          ) : (
            <span class="name" title={visibleText(name)}>
              <ForeignText text={name} />
            </span>
          )}
          <span class="id">
            <ForeignText text={subnetId} />
          </span>
          <span class="id">
            {subnet.cidrBlock === null ? <Absent reason="no IPv4 block" /> : <ForeignText text={subnet.cidrBlock} />}
          </span>
        </th>
        <td class="subnet-where" data-label="Zone and account">
          <Zone subnet={subnet} />
          <AccountLabel accountId={subnet.accountId} accountName={subnet.accountName} />
          {subnet.ownerTeam !== null && <ForeignText text={subnet.ownerTeam} />}
        </td>
        <td class="subnet-room" data-label="Addresses">
          <RoomBar subnet={subnet} />
        </td>
        <td class="num" data-label="Addresses left">
          <AddressesLeft subnet={subnet} />
        </td>
        <td class="num" data-label="Free /28 blocks">
          <FreePrefixes subnet={subnet} />
        </td>
        <td class="num" data-label="Fragmentation">
          <Fragmentation subnet={subnet} />
        </td>
      </tr>
      <tr class="subnet-reasons">
        <td colspan={COLUMN_COUNT}>
          <div class="subnet-judgement">
            <StatusBadge status={subnet.status} />
            <StatusReasons reasons={subnet.statusReasons} />
            <ServedClusters clusters={subnet.clusters} />
          </div>
          {trend !== undefined && <TrendChart trend={trend} />}
          <SubnetDetails subnet={subnet} />
        </td>
      </tr>
    </tbody>
  );
}

function Zone({ subnet: { availabilityZone, availabilityZoneId, region } }: SubnetProps) {
  return (
    <span class="zone">
      <b>
        {availabilityZoneId === null ? <Absent reason="zone id not seen" /> : <ForeignText text={availabilityZoneId} />}
      </b>{' '}
      <span class="quiet">
        <ForeignText text={availabilityZone === '' ? region : availabilityZone} />
      </span>
    </span>
  );
}

function AddressesLeft({ subnet }: SubnetProps) {
  const { addressesLeft, freeAddressCount, availableIpAddressCount } = subnet;
  if (addressesLeft === null) {
    return <Absent reason={whyNotCounted(subnet)} />;
  }
  return (
    <>
      <b class="figure">{integerText(addressesLeft)}</b>
      {freeAddressCount !== null && freeAddressCount !== availableIpAddressCount && (
        <span class="note">
          {integerText(freeAddressCount)} by interfaces, {integerText(availableIpAddressCount)} by EC2
        </span>
      )}
    </>
  );
}

function FreePrefixes({ subnet }: SubnetProps) {
  const { freePrefixCount, freePrefixCountMost, maxPrefixCount } = subnet;
  if (freePrefixCount === null || freePrefixCountMost === null || maxPrefixCount === null) {
    return (
      <>
        <Absent reason={whyNotCounted(subnet)} />
        <PrefixUse subnet={subnet} />
      </>
    );
  }
  const range =
    freePrefixCount === freePrefixCountMost
      ? integerText(freePrefixCount)
      : `${integerText(freePrefixCount)}–${integerText(freePrefixCountMost)}`;
  return (
    <>
      <span class="figure">
        <b>{range}</b> of {integerText(maxPrefixCount)}
      </span>
      <PrefixUse subnet={subnet} />
    </>
  );
}

function PrefixUse({ subnet: { prefixes } }: SubnetProps) {
  if (!prefixes.areInUse) {
    return null;
  }
  return <span class="note">{prefixes.canFallBack ? 'prefixes in use' : 'prefixes only'}</span>;
}

function Fragmentation({ subnet }: SubnetProps) {
  return subnet.fragmentation === null ? (
    <Absent reason={whyNoFragmentation(subnet)} />
  ) : (
    <b class="figure">{ratioText(subnet.fragmentation)}</b>
  );
}

function whyNoFragmentation(subnet: SubnetView): string {
  if (subnet.countedFrom !== 'network-interfaces') {
    return whyNotCounted(subnet);
  }
  if (subnet.maxPrefixCount === 0) {
    return 'too small for a /28 block';
  }
  return subnet.freeAddressCount === 0 ? 'nothing is free' : 'free only at the edges';
}

function ServedClusters({ clusters }: Pick<SubnetView, 'clusters'>) {
  if (clusters.length === 0) {
    return <p class="serves">Serves no cluster that was seen</p>;
  }
  return (
    <p class="serves">
      Serves{' '}
      {clusters.map(({ clusterId, clusterName }, index) => (
        <>
          {index > 0 && ', '}
          <a href={`#${clusterAnchor(clusterId)}`}>
            <ForeignText text={clusterName} />
          </a>
        </>
      ))}
    </p>
  );
}
