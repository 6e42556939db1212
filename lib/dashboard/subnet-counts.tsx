import type { Child } from 'hono/jsx';
import type { SubnetView } from '../api/subnet-view.ts';
import { countText, integerText, signedText } from '../domain/text/number-text.ts';
import { Absent } from './absent.tsx';
import { ForeignText } from './foreign-text.tsx';
import { ObservedTime } from './observed-time.tsx';
import { whyNotCounted } from './why-not-counted.ts';

interface SubnetProps {
  readonly subnet: SubnetView;
}

/** The counts behind a subnet's row, and how far EC2's own count agrees with them. */
export function SubnetCounts({ subnet }: SubnetProps) {
  const { strandedAddressCount, freePrefixCountReserved, availableIpAddressCount, observedAt, subnetArn } = subnet;
  return (
    <section>
      <h4>Counts</h4>
      <dl class="pairs">
        <Pair label="Observed">
          <ObservedTime at={observedAt} />
        </Pair>
        <Pair label="Counted from">
          <CountedFrom subnet={subnet} />
        </Pair>
        <Pair label="Available, EC2’s count">{countText(availableIpAddressCount, 'address', 'addresses')}</Pair>
        <Pair label="Unaccounted">
          <Residual subnet={subnet} />
        </Pair>
        <Pair label="Stranded: free, in no free block">
          {strandedAddressCount === null ? (
            <Absent reason={whyNotCounted(subnet)} />
          ) : (
            countText(strandedAddressCount, 'address', 'addresses')
          )}
        </Pair>
        <Pair label="Largest free block">
          <LargestFreeBlock subnet={subnet} />
        </Pair>
        <Pair label="Free /28 blocks in prefix reservations">
          {freePrefixCountReserved === null ? (
            <Absent reason={whyNotCounted(subnet)} />
          ) : (
            integerText(freePrefixCountReserved)
          )}
        </Pair>
        <Pair label="Fragmentation by AWS’s script, 0 to 100">
          <AwsScore subnet={subnet} />
        </Pair>
        <Pair label="VPC">
          <ForeignText text={subnet.vpcId} />
        </Pair>
        <Pair label="ARN">
          {subnetArn === null ? <Absent reason="not in EC2’s answer" /> : <ForeignText text={subnetArn} />}
        </Pair>
      </dl>
    </section>
  );
}

function Pair({ label, children }: { readonly label: string; readonly children: Child }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function CountedFrom({ subnet }: SubnetProps) {
  switch (subnet.countedFrom) {
    case 'network-interfaces':
      return <>the listed interfaces</>;
    case 'available-ip-address-count':
      return <>EC2’s count alone</>;
    case null:
      return <Absent reason={whyNotCounted(subnet)} />;
  }
}

/** What each grade says of EC2's count beside the one that the interfaces explain. */
const RECONCILIATION_TEXTS: Readonly<Record<NonNullable<SubnetView['reconciliation']>, string>> = {
  exact: 'exact: EC2’s count and the interfaces agree',
  settling: 'settling: so few can come and go between two calls',
  unexplained: 'unexplained: something not listed holds addresses, or an answer is old',
};

function Residual({ subnet }: SubnetProps) {
  const { unaccountedAddressCount, reconciliation } = subnet;
  if (unaccountedAddressCount === null || reconciliation === null) {
    return <Absent reason={whyNotCounted(subnet)} />;
  }
  const unit = Math.abs(unaccountedAddressCount) === 1 ? 'address' : 'addresses';
  return (
    <>
      {signedText(unaccountedAddressCount)} {unit}; {RECONCILIATION_TEXTS[reconciliation]}
    </>
  );
}

function LargestFreeBlock({ subnet }: SubnetProps) {
  const { largestFreeBlockPrefixLength, countedFrom } = subnet;
  if (largestFreeBlockPrefixLength !== null) {
    return <>/{integerText(largestFreeBlockPrefixLength)}</>;
  }
  return <Absent reason={countedFrom === 'network-interfaces' ? 'nothing is free' : whyNotCounted(subnet)} />;
}

function AwsScore({ subnet }: SubnetProps) {
  const { awsFragmentationScore, countedFrom } = subnet;
  if (awsFragmentationScore !== null) {
    return <>{integerText(awsFragmentationScore)}</>;
  }
  return <Absent reason={countedFrom === 'network-interfaces' ? 'too small for a /28 block' : whyNotCounted(subnet)} />;
}
