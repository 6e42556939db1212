import type { PulseFacts } from '../audit/store-ports.ts';
import type { Target } from '../domain/region-facts.ts';
import { columnsDocument } from './columns-document.ts';
import { mapOf, numeric, record, text } from './shape.ts';

/** What a pulse looks like, version 1. A change of its type is a compile error here: it needs a new schema version. */
const pulseShape = record<PulseFacts>({
  target: record<Target>({ accountId: text, region: text }),
  observedAt: text,
  availableIpAddressCounts: mapOf(numeric),
});

/** A pulse as bytes, without loss. */
export const PULSE_DOCUMENT = columnsDocument('pulse', 1, pulseShape);
