import { createHash } from 'node:crypto';

/**
 * Every key of the table, with how it is read and what that costs. A read unit (RRU) is 4 KB read consistently, or 8 KB
 * eventually; a write unit (WRU) is 1 KB written. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** One VPC, by its owner: account, Region and id. */
export interface VpcKey {
  readonly ownerId: string;
  readonly region: string;
  readonly vpcId: string;
}

const SEPARATOR = '#';
/** Text of these characters stands for itself in a key; they are those of ids, ARNs' ends and instants. */
const PLAIN_CHARACTER = /[A-Za-z0-9._:-]/;
/** Sorts after every plain character, and after those that begin what is escaped or a digest. */
const AFTER_PLAIN_CHARACTERS = '~';
const ESCAPE = '%';
const ESCAPE_DIGITS = 4;
/** Begins no encoded text, since `=` is not a plain character. */
const DIGEST_MARK = '=';
/** A sort key has at most 1,024 bytes, and is of six parts at most. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const PART_LENGTH_MAX = 160;
/** Padded, so that DynamoDB, which sorts text, lists chunks in their order. */
const CHUNK_INDEX_DIGITS = 5;

/**
 * Encodes any text as one part of a key: no two texts give the same part, none gives an empty one, and no part holds the separator.
 * A character that is not plain is its UTF-16 code in hexadecimal, so that lone surrogates survive too; what gets longer than
 * `PART_LENGTH_MAX` is replaced by its SHA-256.
 */
export function encodeKeyPart(text: string): string {
  if (text === '') {
    return ESCAPE;
  }
  let encoded = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    encoded += PLAIN_CHARACTER.test(character) ? character : escaped(text.charCodeAt(index));
  }
  return encoded.length <= PART_LENGTH_MAX ? encoded : DIGEST_MARK + createHash('sha256').update(encoded).digest('hex');
}

function escaped(code: number): string {
  return ESCAPE + code.toString(16).padStart(ESCAPE_DIGITS, '0');
}

function joined(...parts: readonly string[]): string {
  return parts.map(encodeKeyPart).join(SEPARATOR);
}

function vpcPartition({ ownerId, region, vpcId }: VpcKey): string {
  return joined('vpc', ownerId, region, vpcId);
}

/** Whose facts, of which kind of observation: a pulse sees subnets only, so it never stands in for a scan. */
export type FactsSeries = 'scan' | 'pulse';

/**
 * That an account sees a VPC, or as of when it no longer does. Written about once a day: a WRU. Read by GetItem, an RRU, or with
 * those of every other viewer by one Query of `viewerPlacePrefix`: an RRU for about 15.
 */
export function viewerPlaceKey(vpc: VpcKey, viewerAccountId: string): ItemKey {
  return { pk: vpcPartition(vpc), sk: joined('facts', 'viewer', viewerAccountId) };
}

export function viewerPlacePrefix(vpc: VpcKey): ItemKey {
  return { pk: vpcPartition(vpc), sk: `${joined('facts', 'viewer')}${SEPARATOR}` };
}

export interface SlotKey {
  readonly kind: string;
  /** The instant in a form that sorts by time. */
  readonly at: string;
  /** Empty where the slot is a scheduled one. */
  readonly requestId: string;
}

/**
 * The facts of a VPC that one viewer observed at a slot. Written once: a WRU per KB of what they have that those before them on
 * the day have not, or of all of them where they are the first. All that they rest on lie between `slotFactsDayKey` and them, so
 * they are read by one Query: an RRU per 4 KB of the day so far, or per 8 KB where they may be as of a moment before. A pulse
 * rests on nothing: the newest is found by one Query of `slotFactsPrefix` backwards.
 */
export function slotFactsKey(
  vpc: VpcKey,
  viewerAccountId: string,
  series: FactsSeries,
  { kind, at, requestId }: SlotKey,
): ItemKey {
  const { pk, sk } = slotFactsPrefix(vpc, viewerAccountId, series);
  return { pk, sk: sk + joined(at, kind, requestId) };
}

export function slotFactsPrefix(vpc: VpcKey, viewerAccountId: string, series: FactsSeries): ItemKey {
  return { pk: vpcPartition(vpc), sk: `${joined('facts', 'slot', viewerAccountId, series)}${SEPARATOR}` };
}

/** Sorts before every slot of a UTC day, `2026-11-23`, and after those of the days before. */
export function slotFactsDayKey(vpc: VpcKey, viewerAccountId: string, series: FactsSeries, day: string): ItemKey {
  const { pk, sk } = slotFactsPrefix(vpc, viewerAccountId, series);
  return { pk, sk: sk + day };
}

/** Sorts after every slot. */
export function slotFactsEndKey(vpc: VpcKey, viewerAccountId: string, series: FactsSeries): ItemKey {
  const { pk, sk } = slotFactsPrefix(vpc, viewerAccountId, series);
  return { pk, sk: sk + AFTER_PLAIN_CHARACTERS };
}

/** Partitions that the states of VPCs are spread over: each takes 1,000 WRU a second. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
export const STATE_PARTITION_COUNT = 8;

/**
 * What was judged of a VPC. Written with each judgement, a WRU per KB that is not in its base; read with its base. Its item says
 * which version it is, so one Query of each `statePartition` lists every VPC that was ever judged: an RRU for about 5 of them, or 10
 * where they may be as of a moment before.
 */
export function stateKey(vpc: VpcKey): ItemKey {
  return { pk: statePartitionOf(vpc), sk: joined('state', vpc.ownerId, vpc.region, vpc.vpcId) };
}

const STATE_PARTS = /^state#([A-Za-z0-9._:-]+)#([A-Za-z0-9._:-]+)#([A-Za-z0-9._:-]+)$/;

/** Returns the VPC that the sort key of a state names; `undefined` where a part of it is encoded, and says no more than a digest. */
export function vpcOfStateKey(sk: string): VpcKey | undefined {
  const [, ownerId, region, vpcId] = STATE_PARTS.exec(sk) ?? [];
  return ownerId === undefined || region === undefined || vpcId === undefined ? undefined : { ownerId, region, vpcId };
}

/** The prefix of the keys of all states in one of the partitions, numbered from 0. */
export function statePartition(index: number): ItemKey {
  return { pk: joined('states', String(index)), sk: `${joined('state')}${SEPARATOR}` };
}

function statePartitionOf(vpc: VpcKey): string {
  const digest = createHash('sha256').update(vpcPartition(vpc)).digest();
  return statePartition(digest.readUInt8(0) % STATE_PARTITION_COUNT).pk;
}

/**
 * What was forecast of a VPC. Read with each judgement by GetItem, an RRU per 4 KB, and with the days of its series, after the last of
 * which it lies, by the Query of these; written about once a day, a WRU per KB, when 90 days of its series were read for it.
 */
export function forecastsKey(vpc: VpcKey): ItemKey {
  return { pk: vpcPartition(vpc), sk: joined('series', 'forecasts') };
}

/** What newer states of a VPC are kept as differences to, each under a name that nothing else has. Written about once a month: a WRU per KB. */
export function stateBaseKey(vpc: VpcKey, name: string): ItemKey {
  return { pk: statePartitionOf(vpc), sk: joined('base', name) };
}

/** Which VPC a subnet or a cluster is in. Written once: a WRU. Read by GetItem: an RRU. */
export function subnetLocationKey(subnetId: string): ItemKey {
  return { pk: joined('subnet', subnetId), sk: joined('location') };
}

export function clusterLocationKey(clusterId: string): ItemKey {
  return { pk: joined('cluster', clusterId), sk: joined('location') };
}

/**
 * A chunk of a packed document that does not fit an item. It lies in the document's partition, out of the way of
 * every query for documents. All of them are read by one Query of `chunkPrefix`: an RRU per 4 KB, a page per 1 MB.
 */
export function chunkKey(document: ItemKey, generation: string, index: number): ItemKey {
  const { pk, sk } = chunkPrefix(document, generation);
  return { pk, sk: sk + String(index).padStart(CHUNK_INDEX_DIGITS, '0') };
}

export function chunkPrefix(document: ItemKey, generation: string): ItemKey {
  return { pk: document.pk, sk: `${joined('chunk', document.sk, generation)}${SEPARATOR}` };
}

/** A key as people read it in an error. */
export function keyText({ pk, sk }: ItemKey): string {
  return `"${pk}" / "${sk}"`;
}

/**
 * Items of a run lie in a partition of its own: its plan, and what each share of it came to. Written once each: a WRU per KB.
 * Read together by one Query of `runPrefix`: an RRU per 4 KB, about 0.1 for a share of one target.
 */
export function runPlanKey(slot: SlotKey): ItemKey {
  return { pk: runPartition(slot), sk: joined('run', 'plan') };
}

/** What a share came to, by a digest of what it says. */
export function outcomesKey(slot: SlotKey, digest: string): ItemKey {
  return { pk: runPartition(slot), sk: joined('run', 'outcomes', digest) };
}

export function runPrefix(slot: SlotKey): ItemKey {
  return { pk: runPartition(slot), sk: `${joined('run')}${SEPARATOR}` };
}

function runPartition({ kind, at, requestId }: SlotKey): string {
  return joined('run', at, kind, requestId);
}

/**
 * That a run exists. Written once: a WRU. All of them sort by time in one partition, about 3,600 in 30 days, and a page of them,
 * the newest first, is read by one Query backwards: an RRU for about 20.
 */
export function listedRunKey({ kind, at, requestId }: SlotKey): ItemKey {
  return { pk: joined('runs'), sk: joined(at, kind, requestId) };
}

/** What is known of the organisation: one document. Read by GetItem, an RRU per 4 KB; written once a run, a WRU per KB. */
export function directoryKey(): ItemKey {
  return { pk: joined('directory'), sk: joined('directory') };
}

/** One account in one Region. */
export interface TargetKey {
  readonly accountId: string;
  readonly region: string;
}

/**
 * What is known of a target between two runs. Written where a scan found something new, and once a day: a WRU, and of the same slot
 * again twice that and a read. Read with the VPCs that its account lends by one Query of `targetPrefix`: an RRU as a rule.
 */
export function targetMemoryKey(target: TargetKey): ItemKey {
  return { pk: targetPartition(target), sk: joined('target', 'memory') };
}

/** A VPC that the target's account owns and clusters of others live in. Written by who sees that: a WRU, two where it is known. */
export function lentVpcKey(owner: TargetKey, vpcId: string): ItemKey {
  return { pk: targetPartition(owner), sk: joined('target', 'lent', vpcId) };
}

export function targetPrefix(target: TargetKey): ItemKey {
  return { pk: targetPartition(target), sk: `${joined('target')}${SEPARATOR}` };
}

function targetPartition({ accountId, region }: TargetKey): string {
  return joined('target', accountId, region);
}

/** Who holds a lease. Taken by a conditional PutItem and given back by a conditional DeleteItem: a WRU each, never read. */
export function leaseKey(name: string): ItemKey {
  return { pk: joined('lease', name), sk: joined('lease') };
}

/**
 * What was observed of a VPC on one UTC day, `2026-11-23`. Each sample costs a GetItem and a PutItem of the day so far: an RRU
 * per 4 KB and a WRU per KB. Days are read by one Query between two of these keys: an RRU per 4 KB of all of them.
 */
export function seriesDayKey(vpc: VpcKey, day: string): ItemKey {
  return { pk: vpcPartition(vpc), sk: joined('series', day) };
}

/**
 * The least that each subnet of a VPC had on each day of a month, `2026-11`. Written when a day is over, and where a late
 * observation changes one: a GetItem and a PutItem, an RRU per 4 KB and a WRU per KB of the month so far. Months are read by one
 * Query between two of these keys: an RRU per 4 KB of all of them.
 */
export function dailyRoomKey(vpc: VpcKey, month: string): ItemKey {
  return { pk: vpcPartition(vpc), sk: joined('daily-room', month) };
}

/** Shards of the fleet lie in so many partitions, which are read at the same time. */
const FLEET_PARTITION_COUNT = 8;
const FLEET_SHARD_DIGITS = 2;

/**
 * What the fleet consists of. Read by an eventually consistent GetItem, at most every 10 seconds by each process: half an RRU.
 * Written by each roll-up: a WRU per KB, 2 to 4 of them.
 */
export function fleetVersionKey(): ItemKey {
  return { pk: joined('fleet'), sk: joined('version') };
}

/**
 * What a shard consists of: what lists need (`core`), and the states behind it (`rest`). The `scan`, the `outline` and the
 * most `urgent` subnets of all shards lie with the first.
 */
export type FleetPartGroup = 'core' | 'rest' | 'scan' | 'outline' | 'urgent';

/**
 * A chunk of a part of the fleet. Never written twice. Written where something in it changed: a WRU per KB, of its difference to an
 * older generation where that is small. Read with others by eventually consistent BatchGetItems, since old generations lie beside
 * it, then what they are differences to: an RRU per 8 KB.
 */
export function fleetChunkKey(shard: number, group: FleetPartGroup, generation: string, index: number): ItemKey {
  return {
    pk: joined('fleet', String(shard % FLEET_PARTITION_COUNT)),
    sk: joined(
      'shard',
      String(shard).padStart(FLEET_SHARD_DIGITS, '0'),
      group,
      generation,
      String(index).padStart(CHUNK_INDEX_DIGITS, '0'),
    ),
  };
}

/**
 * What the groups of a fleet, its accounts for example, had left on one UTC day, `2026-11-23`. Written once when the day is over and
 * up to six times more where something of it came late, each an RRU per 4 KB and a WRU per KB: 1 for 20 groups, 7 for 500. Days are
 * read by one Query between two of these keys: an RRU per 4 KB of all of them.
 */
export function fleetDayKey(grouping: string, day: string): ItemKey {
  return { pk: joined('fleet-history', grouping), sk: joined('day', day) };
}

/**
 * What was told of an alert, or in a thread that several share. Read by GetItem, an RRU; written three or four times for each
 * transition: a WRU.
 */
export function notificationRecordKey(recordId: string): ItemKey {
  return { pk: joined('notification', recordId), sk: joined('record') };
}

/** That a test message has reached a channel. Written once: a WRU. Read by GetItem before anything is told there: an RRU. */
export function channelConfirmationKey(channelId: string): ItemKey {
  return { pk: joined('channel', channelId), sk: joined('confirmation') };
}
