import type { VpcState } from '../domain/capacity/vpc-state.ts';
import { decodeColumns } from './column-codec.ts';
import { type ColumnsDocument, checkedValue, columnsDocument } from './columns-document.ts';
import { isRecord } from './predicted-fields.ts';
import { vpcStateShape } from './state-shape.ts';

/** A state is kept as the difference to another one, and after a pulse it names other moments than after a scan. */
const MOMENT = /\d{4}-\d{2}-\d{2}T/;
const CURRENT = columnsDocument('state', 2, vpcStateShape, (text) => MOMENT.test(text));

/** The state of a VPC as bytes, without loss. */
export const STATE_DOCUMENT: ColumnsDocument<VpcState> = {
  ...CURRENT,
  upcast: (bytes) => checkedValue(CURRENT, fromVersion1(decodeColumns(bytes))),
};

/** Version 1 knew of no forecasts, and did not keep what must stay free: both come back with the next judgement. */
const UNKNOWN_TO_VERSION_1 = {
  floor: { controlPlaneUpdateAddresses: 0, loadBalancerAddresses: 0 },
  exhaustion: { state: 'no-history' },
};

function fromVersion1(state: unknown): unknown {
  return isRecord(state)
    ? {
        ...state,
        subnets: eachRecord(state['subnets'], (subnet) => ({
          ...subnet,
          ...UNKNOWN_TO_VERSION_1,
          status: isRecord(subnet['status']) ? withReasons(subnet['status'], 'reasons') : subnet['status'],
        })),
        clusters: eachRecord(state['clusters'], (cluster) => withReasons(cluster, 'statusReasons')),
      }
    : state;
}

type PlainRecord = Readonly<Record<string, unknown>>;

function withReasons(value: PlainRecord, field: string): PlainRecord {
  const reasons = eachRecord(value[field], (reason) =>
    reason['code'] === 'no-forecast' ? { ...reason, why: 'no-history' } : reason,
  );
  return { ...value, [field]: reasons };
}

/** What has not the form of version 1 stays as it is: the shape says then what is wrong with it. */
function eachRecord(value: unknown, change: (item: PlainRecord) => PlainRecord): unknown {
  return Array.isArray(value) ? value.map((item: unknown) => (isRecord(item) ? change(item) : item)) : value;
}
