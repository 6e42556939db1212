import type { TargetMemory } from '../audit/store-ports.ts';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import { targetOutcomeShape, targetShape, vpcIdShape } from './audit-shape.ts';
import { type ColumnsDocument, columnsDocument } from './columns-document.ts';
import { list, numeric, optional, record, text } from './shape.ts';

type TargetMemory1 = Omit<TargetMemory, 'networkInterfaceCount'>;

const FIELDS_1 = {
  target: targetShape,
  scannedSlot: text,
  vpcs: list(vpcIdShape),
  clusterNames: list(text),
  firstClusterAt: optional(text),
  announced: list(record<TargetMemory['announced'][number]>({ vpc: vpcIdShape, at: text })),
  outcome: targetOutcomeShape,
};
const VERSION_1 = columnsDocument('target-memory', 1, record<TargetMemory1>(FIELDS_1));

export const TARGET_MEMORY_DOCUMENT: ColumnsDocument<TargetMemory> = {
  ...columnsDocument(
    'target-memory',
    2,
    record<TargetMemory>({ ...FIELDS_1, networkInterfaceCount: optional(numeric) }),
  ),
  // The next scan counts them.
  upcast: (bytes) => ({ ...VERSION_1.decode(bytes), networkInterfaceCount: undefined }),
};

/** A VPC in which clusters of another account than its owner's live. */
export const LENT_VPC_DOCUMENT: ColumnsDocument<VpcId> = columnsDocument('lent-vpc', 1, vpcIdShape);
