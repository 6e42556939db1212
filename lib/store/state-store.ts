import type { ReadOptions, StateStore, StoredState } from '../audit/store-ports.ts';
import type { VpcId, VpcState } from '../domain/capacity/vpc-state.ts';
import { batchPut } from './batch-put.ts';
import { HAS_DICTIONARIES } from './compression.ts';
import { decodeDocument } from './document-kind.ts';
import { CONSISTENT, getItem } from './items.ts';
import { isFinished, judgedAttributes, readJudged } from './judged-vpcs.ts';
import { clusterLocationKey, stateBaseKey, stateKey, subnetLocationKey } from './keys.ts';
import { type DocumentBase, type PackedContent, packDifference, packInFull } from './packed-content.ts';
import {
  type PackedDocument,
  readDocument,
  readPacked,
  retirePacked,
  type WriteOutcome,
  writeContent,
} from './packed-document.ts';
import { differenceBytesMax } from './rebase-rule.ts';
import { STATE_DOCUMENT } from './state-codec.ts';
import { nowSeconds, type StoreTable } from './table.ts';
import { locationItem, readLocation } from './vpc-location.ts';

const SECONDS_PER_DAY = 86_400;
/** Thirteen months: what is gone for longer is forgotten. */
const STATE_SECONDS = 396 * SECONDS_PER_DAY;
/** A base serves a month of states, the last of which needs it for as long as it is kept itself. */
const BASE_SECONDS = STATE_SECONDS + 30 * SECONDS_PER_DAY;

/** A writer has read what it replaces a moment before; so many are kept until they do. */
const READ_BEFORE_MAX = 32;
/** What was read last, by version. */
type ReadBefore = Map<string, PackedDocument>;

/**
 * Keeps the state of each VPC as a difference to a base of its own, and where its subnets and clusters are. A judgement costs a
 * WRU per KB that is not in the base.
 */
export function createStateStore(table: StoreTable): StateStore {
  const readBefore: ReadBefore = new Map();
  return {
    readState: (vpc, options = CONSISTENT) => readState(table, vpc, options, readBefore),
    async writeState(state, expectedVersion, completion = { isFinished: true }) {
      const before = expectedVersion === undefined ? undefined : readBefore.get(expectedVersion);
      const previous = before ?? (await readPacked(table, stateKey(state.vpc)));
      return previous?.version === expectedVersion && isOf(state.vpc, previous)
        ? writeState(table, state, previous, completion.isFinished)
        : { outcome: 'version-conflict' };
    },
    judgedVpcs: (options = CONSISTENT) => readJudged(table, options),
    vpcOfSubnet: (subnetId) => readLocation(table, subnetLocationKey(subnetId)),
    vpcOfCluster: (clusterId) => readLocation(table, clusterLocationKey(clusterId)),
  };
}

async function readState(
  table: StoreTable,
  vpc: VpcId,
  options: ReadOptions,
  readBefore: ReadBefore,
): Promise<StoredState | undefined> {
  const key = stateKey(vpc);
  const item = await getItem(table, key, options);
  const document = item === undefined ? undefined : await readDocument(table, key, item);
  if (item === undefined || document === undefined) {
    return undefined;
  }
  readBefore.set(document.version, document);
  for (const [oldest] of readBefore) {
    if (readBefore.size <= READ_BEFORE_MAX) {
      break;
    }
    readBefore.delete(oldest);
  }
  // Another writer may have come between the item and what it names.
  const isOfItem = item['generation']?.S === document.version;
  return {
    version: document.version,
    state: decodeDocument(STATE_DOCUMENT, document),
    isFinished: isOfItem && isFinished(item),
  };
}

function isOf(vpc: VpcId, previous: PackedDocument | undefined): boolean {
  return previous === undefined || previous.key.sk === stateKey(vpc).sk;
}

async function writeState(
  table: StoreTable,
  state: VpcState,
  previous: PackedDocument | undefined,
  isFinished: boolean,
): Promise<WriteOutcome> {
  const { vpc } = state;
  const { content, newBase } = await packState(table, state, previous);
  await writeLocations(table, state, previous);
  const written = await writeContent(table, stateKey(vpc), content, {
    ...KIND,
    expect: previous === undefined ? 'absent' : { version: previous.version },
    expiresAt: nowSeconds(table) + STATE_SECONDS,
    attributes: judgedAttributes(vpc, isFinished),
  });
  // Where a base was written, one is left that nothing needs: the old one, or the new one where another writer came first.
  const unneeded = written.outcome === 'written' ? previous?.base : newBase;
  if (newBase !== undefined && unneeded !== undefined) {
    await retirePacked(table, unneeded.key, unneeded.version);
  }
  return written;
}

const KIND = { kind: STATE_DOCUMENT.name, schemaVersion: STATE_DOCUMENT.schemaVersion };

interface PackedState {
  readonly content: PackedContent;
  /** Where one was written. */
  readonly newBase: DocumentBase | undefined;
}

/** Packs a state as the difference to its predecessor's base, or to a new one, which is written first. */
async function packState(
  table: StoreTable,
  state: VpcState,
  previous: PackedDocument | undefined,
): Promise<PackedState> {
  const bytes = STATE_DOCUMENT.encode(state);
  const oldBase = previous?.base;
  const isLasting = oldBase !== undefined && oldBase.expiresAt >= nowSeconds(table) + STATE_SECONDS;
  const difference = isLasting ? packDifference(bytes, oldBase, differenceBytesMax(oldBase.fullByteCount)) : undefined;
  if (difference !== undefined) {
    return { content: difference, newBase: undefined };
  }
  const inFull = packInFull(bytes);
  if (!HAS_DICTIONARIES) {
    return { content: inFull, newBase: undefined };
  }
  const newBase = await writeBase(table, state.vpc, bytes, inFull);
  return { content: packDifference(bytes, newBase) ?? inFull, newBase };
}

async function writeBase(
  table: StoreTable,
  vpc: VpcId,
  bytes: Uint8Array,
  content: PackedContent,
): Promise<DocumentBase> {
  // A name that nobody else has: there is nothing that the write could meet.
  const key = stateBaseKey(vpc, table.newGeneration());
  const expiresAt = nowSeconds(table) + BASE_SECONDS;
  const written = await writeContent(table, key, content, { ...KIND, expect: 'absent', expiresAt });
  if (written.outcome !== 'written') {
    throw new Error(`Cannot write a base of the state of ${vpc.vpcId}: its name is taken`);
  }
  const storedByteCount = content.stored.byteLength;
  return {
    key,
    version: written.version,
    bytes,
    expiresAt,
    storedByteCount,
    baseCount: 0,
    fullByteCount: storedByteCount,
  };
}

/** Says where subnets and clusters are that the previous state did not have. They are there whether or not the state gets written. */
async function writeLocations(table: StoreTable, state: VpcState, previous: PackedDocument | undefined): Promise<void> {
  const known = previous === undefined ? undefined : decodeDocument(STATE_DOCUMENT, previous);
  const knownSubnetIds = new Set(known?.subnets.map(({ subnet }) => subnet.subnetId));
  const knownClusterIds = new Set(known?.clusters.map(({ clusterId }) => clusterId));
  const subnetIds = state.subnets.map(({ subnet }) => subnet.subnetId).filter((id) => !knownSubnetIds.has(id));
  const clusterIds = state.clusters.map(({ clusterId }) => clusterId).filter((id) => !knownClusterIds.has(id));
  const keys = [...new Set(subnetIds)].map(subnetLocationKey).concat([...new Set(clusterIds)].map(clusterLocationKey));
  await batchPut(
    table,
    keys.map((key) => locationItem(key, state.vpc)),
  );
}
