import type { ReadOptions, StateReader, StateStore, StoredState } from '../audit/store-ports.ts';
import { type BoundedMap, boundedMap } from '../domain/bounded-map.ts';
import type { VpcId, VpcState } from '../domain/capacity/vpc-state.ts';
import { batchPut } from './batch-put.ts';
import { encodeDocument } from './columns-document.ts';
import { HAS_DICTIONARIES } from './compression.ts';
import { decodeDocument } from './document-kind.ts';
import { CONSISTENT, getItem } from './items.ts';
import { isFinished, judgedAttributes, readJudged } from './judged-vpcs.ts';
import { clusterLocationKey, keyText, stateBaseKey, stateKey, subnetLocationKey } from './keys.ts';
import {
  type DocumentBase,
  type PackedContent,
  type PackedDifference,
  packDifference,
  packInFull,
} from './packed-content.ts';
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
import { type Item, nowSeconds, type StoreTable } from './table.ts';
import { locationItem, readLocation } from './vpc-location.ts';
import { waitingAttributes, waitingBytes, waitingIn } from './waiting-samples.ts';

const SECONDS_PER_DAY = 86_400;
/** Thirteen months: what is gone for longer is forgotten. */
const STATE_SECONDS = 396 * SECONDS_PER_DAY;
/** A base serves a month of states, the last of which needs it for as long as it is kept itself. */
const BASE_SECONDS = STATE_SECONDS + 30 * SECONDS_PER_DAY;

/**
 * A writer has read what it replaces a moment before, messages of a VPC come close together, and who looks at a VPC looks again: of so
 * many what was read last is kept.
 */
const KEPT_STATES_MAX = 32;
/** A subnet never leaves its VPC; a cluster may come back in another one. */
const KEPT_LOCATIONS_MAX = 10_000;

/**
 * Keeps the state of each VPC as a difference to a base of its own, and where its subnets and clusters are. A judgement costs a
 * WRU per KB that is not in the base.
 */
export function createStateStore(table: StoreTable): StateStore {
  const kept = keptStates();
  return {
    ...readerOf(table, kept),
    async writeState(state, expectedVersion, { isFinished = true, waiting = [] } = {}) {
      const before = kept.get(keyText(stateKey(state.vpc)));
      const isExpected = before !== undefined && before.version === expectedVersion;
      const previous = isExpected ? before : await readPacked(table, stateKey(state.vpc));
      return previous?.version === expectedVersion && isOf(state.vpc, previous)
        ? writeState(table, state, previous, {
            ...judgedAttributes(state.vpc, isFinished),
            ...waitingAttributes(waiting),
          })
        : { outcome: 'version-conflict' };
    },
  };
}

/** Reads the state of VPCs, and where subnets and clusters are. */
export function createStateReader(table: StoreTable): StateReader {
  return readerOf(table, keptStates());
}

/** What was read last of VPCs, by the key of the state. */
type KeptStates = BoundedMap<PackedDocument>;

const keptStates = (): KeptStates => boundedMap(KEPT_STATES_MAX);

function readerOf(table: StoreTable, kept: KeptStates): StateReader {
  const locations = boundedMap<VpcId>(KEPT_LOCATIONS_MAX);
  return {
    readState: (vpc, options = CONSISTENT) => readState(table, vpc, options, kept),
    judgedVpcs: (options = CONSISTENT) => readJudged(table, options),
    async vpcOfSubnet(subnetId) {
      const vpc = locations.get(subnetId) ?? (await readLocation(table, subnetLocationKey(subnetId)));
      if (vpc !== undefined) {
        locations.set(subnetId, vpc);
      }
      return vpc;
    },
    vpcOfCluster: (clusterId) => readLocation(table, clusterLocationKey(clusterId)),
  };
}

async function readState(
  table: StoreTable,
  vpc: VpcId,
  options: ReadOptions,
  kept: KeptStates,
): Promise<StoredState | undefined> {
  const key = stateKey(vpc);
  const item = await getItem(table, key, options);
  const generation = item?.['generation']?.S;
  const before = kept.get(keyText(key));
  const isKept = before !== undefined && before.version === generation;
  const document = isKept ? before : item && (await readDocument(table, key, item, { base: before?.base }));
  if (item === undefined || document === undefined) {
    return undefined;
  }
  const { version } = document;
  kept.set(keyText(key), document);
  // Another writer has come between the item and what it names.
  if (generation !== version) {
    return readState(table, vpc, CONSISTENT, kept);
  }
  const waiting = waitingIn(item);
  return {
    version,
    state: stateIn(document),
    isFinished: isFinished(item),
    ...(waiting.length === 0 ? {} : { waiting }),
  };
}

const decoded = new WeakMap<PackedDocument, VpcState>();

/** Of a document that is kept the state is kept too. */
function stateIn(document: PackedDocument): VpcState {
  const state = decoded.get(document) ?? decodeDocument(STATE_DOCUMENT, document);
  decoded.set(document, state);
  return state;
}

function isOf(vpc: VpcId, previous: PackedDocument | undefined): boolean {
  return previous === undefined || previous.key.sk === stateKey(vpc).sk;
}

async function writeState(
  table: StoreTable,
  state: VpcState,
  previous: PackedDocument | undefined,
  attributes: Item,
): Promise<WriteOutcome> {
  const { vpc } = state;
  const { content, newBase } = await packState(table, state, previous, waitingBytes(attributes));
  await writeLocations(table, state, previous);
  const written = await writeContent(table, stateKey(vpc), content, {
    ...KIND,
    expect: previous === undefined ? 'absent' : { version: previous.version },
    expiresAt: nowSeconds(table) + STATE_SECONDS,
    attributes,
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

/** Judgements of a day, at the least: a new base has to pay for itself within so many. */
const JUDGEMENTS_OF_DAY = 24;
/** What an item of a state takes beside the state and its attributes: keys, names and checks. As measured. */
const ITEM_BYTES = 250;
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
const BYTES_PER_UNIT = 1024;

/**
 * Packs a state as the difference to its predecessor's base, or to a new one, which is written first: where the difference has
 * become large, or where a newer base would spare more units in a day than it takes.
 */
async function packState(
  table: StoreTable,
  state: VpcState,
  previous: PackedDocument | undefined,
  otherBytes: number,
): Promise<PackedState> {
  const bytes = encodeDocument(STATE_DOCUMENT, state);
  const oldBase = previous?.base;
  const isLasting = oldBase !== undefined && oldBase.expiresAt >= nowSeconds(table) + STATE_SECONDS;
  const difference = isLasting ? packDifference(bytes, oldBase, differenceBytesMax(oldBase.fullByteCount)) : undefined;
  if (difference !== undefined && !paysToBegin(difference, previous && packDifference(bytes, previous), otherBytes)) {
    return { content: difference, newBase: undefined };
  }
  const inFull = packInFull(bytes);
  if (!HAS_DICTIONARIES) {
    return { content: inFull, newBase: undefined };
  }
  const newBase = await writeBase(table, state.vpc, bytes, inFull);
  return { content: packDifference(bytes, newBase) ?? inFull, newBase };
}

/** What changed since the last state is what would differ from a base that were as new. */
function paysToBegin(
  { stored, base }: PackedDifference,
  sinceLast: PackedContent | undefined,
  otherBytes: number,
): boolean {
  const unitsOf = (byteCount: number) => Math.ceil((ITEM_BYTES + otherBytes + byteCount) / BYTES_PER_UNIT);
  const spared = sinceLast === undefined ? 0 : unitsOf(stored.byteLength) - unitsOf(sinceLast.stored.byteLength);
  return spared * JUDGEMENTS_OF_DAY > unitsOf(base.fullByteCount);
}

async function writeBase(
  table: StoreTable,
  vpc: VpcId,
  bytes: Uint8Array,
  content: PackedContent,
): Promise<DocumentBase> {
  // A name that nobody else has: there is nothing that the write could meet, and no need to say the generation too.
  const generation = table.newGeneration();
  const key = stateBaseKey(vpc, generation);
  const expiresAt = nowSeconds(table) + BASE_SECONDS;
  const written = await writeContent(table, key, content, { ...KIND, expect: 'absent', expiresAt, generation });
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
  const known = previous === undefined ? undefined : stateIn(previous);
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
