import type { SubnetView } from '../api/subnet-view.ts';
import type { FlowLogCoverageReason } from '../domain/network/flow-log-coverage.ts';
import { ForeignText } from './foreign-text.tsx';

const COVERAGE_TEXTS: Readonly<Record<SubnetView['flowLogCoverage'], string>> = {
  all: 'All traffic is logged.',
  partial: 'Some traffic is logged.',
  none: 'No traffic is logged.',
  unknown: 'Not known.',
};

const REASON_TEXTS: Readonly<Record<FlowLogCoverageReason, string>> = {
  'not-read': 'the flow logs could not be read',
  'owner-not-seen': 'the owner of the subnet, who alone sees its logs, is not scanned',
  'no-flow-log': 'no flow log is on the subnet, its VPC or its interfaces',
  'not-active': 'a flow log is not active',
  'delivery-failed': 'the last delivery of a flow log failed',
  'delivery-unconfirmed': 'no delivery of a flow log is reported to have succeeded',
  'delivery-unknown': 'the answer does not say whether a flow log is delivered',
  'traffic-type-unknown': 'the answer does not say which traffic a flow log records',
  'only-accept': 'some packets are logged only where they are accepted',
  'only-reject': 'some packets are logged only where they are rejected',
  'only-some-interfaces': 'interfaces of the subnet differ in what is logged of them',
  'interface-logs-only': 'the logs are on interfaces: the next interface will not be covered',
  settling: 'it rests on a log too new to have delivered',
  'default-format': 'it rests on a log in the default format, which lacks the addresses of pods',
  'format-unknown': 'the answer does not say what format a log has',
};

const TEXT_BY_REASON: ReadonlyMap<string, string> = new Map(Object.entries(REASON_TEXTS));

/** How much of a subnet's traffic flow logs record, and why. */
export function SubnetFlowLogs({ subnet }: { readonly subnet: SubnetView }) {
  const { flowLogCoverage, flowLogCoverageReasons } = subnet;
  return (
    <>
      <p>{COVERAGE_TEXTS[flowLogCoverage]}</p>
      {flowLogCoverageReasons.length > 0 && (
        <ul class="items">
          {flowLogCoverageReasons.map((reason) => (
            <li>
              <ForeignText text={TEXT_BY_REASON.get(reason) ?? reason} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
