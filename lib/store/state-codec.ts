import { columnsDocument } from './columns-document.ts';
import { vpcStateShape } from './state-shape.ts';

/** The state of a VPC as bytes, without loss. */
export const STATE_DOCUMENT = columnsDocument('state', 1, vpcStateShape);
