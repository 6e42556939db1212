import {
  type ErrorCode,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type ParsedNode,
  parseDocument,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { err, ok, type Result } from '../domain/result.ts';
import type { PlacedProblem } from './settings-problem.ts';
import { pathText, shownText } from './value-text.ts';

/** A YAML file as plain values, and where each of them stands. */
export interface YamlFile {
  /** Maps are plain objects whose keys are all their own, `__proto__` included; `undefined` for an empty file. */
  readonly value: unknown;
  /** What is wrong although the file could be read. */
  readonly problems: readonly PlacedProblem[];
  /** Returns where the value at a path stands, or the nearest thing around it that exists. */
  positionOf(path: Path): Position;
  /** Returns where the key at the end of a path stands. */
  keyPositionOf(path: Path): Position;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

type Path = readonly PropertyKey[];

/** Several times the settings of an organisation of ten thousand accounts. */
const TEXT_LENGTH_MAX = 1_000_000;
const BYTE_ORDER_MARK = '\uFEFF';
const FILE_START: Position = { line: 1, column: 1 };
/**
 * Account ids are written without quotes sooner or later, and as numbers they lose their leading zeros. No number of the
 * settings has twelve digits, so what was written is kept.
 */
const ACCOUNT_ID = /^\d{12}$/;
const ALIAS_EXPECTED = 'text in quotes, since "*" without them starts a YAML alias';
/** What is expected where the parser's own message would not say it. */
const EXPECTED_TEXTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_ALIAS: ALIAS_EXPECTED,
  MULTIPLE_DOCS: 'one YAML document',
  NON_STRING_KEY: 'keys that are text',
  RESOURCE_EXHAUSTION: 'fewer lists and maps inside each other',
};
/** What comes after is mostly a consequence of what came before. */
const UNREAD_COUNT_MAX = 5;
const YAML_STRING_TAG = 'tag:yaml.org,2002:str';

/**
 * Reads YAML 1.2 without the parts that surprise or that can be turned against a reader: aliases (the way to expand a small
 * file without end), tags, merge keys, several documents, keys given twice.
 */
export function readYaml(text: string): Result<YamlFile, readonly PlacedProblem[]> {
  if (text.length > TEXT_LENGTH_MAX) {
    const current = `it has ${text.length} characters`;
    return err([{ code: 'too-long', ...FILE_START, path: '', current, expected: `at most ${TEXT_LENGTH_MAX}` }]);
  }
  const source = text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
  const { contents, errors, warnings } = parseDocument(source, {
    // A directive in the file must not bring back YAML 1.1, where `no` is false.
    schema: 'core',
    stringKeys: true,
    // The walk below finds keys given twice, and can say which.
    uniqueKeys: false,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const lineStarts = lineStartsOf(source);
  const positionAt = (offset: number) => positionIn(lineStarts, offset);
  // A tag is found by the walk, at its path.
  const unread = [...errors, ...warnings.filter(({ code }) => code !== 'TAG_RESOLVE_FAILED')];
  if (unread.length > 0) {
    return err(toUnreadProblems(source, unread, positionAt));
  }
  const walk: Walk = { positionAt, problems: [] };
  return ok({
    value: contents === null ? undefined : toValue(walk, contents, []),
    problems: walk.problems,
    positionOf: (path) => (contents === null ? FILE_START : positionAt(placeOf(contents, path).offset)),
    keyPositionOf: (path) => (contents === null ? FILE_START : positionAt(placeOf(contents, path).keyOffset)),
  });
}

function toUnreadProblems(
  source: string,
  unread: readonly YAMLError[],
  positionAt: (offset: number) => Position,
): readonly PlacedProblem[] {
  const byOffset = new Map<number, PlacedProblem>();
  for (const { code, pos, message } of unread) {
    const [offset] = pos;
    if (byOffset.size < UNREAD_COUNT_MAX && !byOffset.has(offset)) {
      byOffset.set(offset, {
        code: code === 'BAD_ALIAS' ? 'alias' : 'not-yaml',
        ...positionAt(offset),
        path: '',
        current: `it has "${shownText(lineAt(source, offset))}"`,
        expected: EXPECTED_TEXTS[code] ?? `well-formed YAML (${withoutControls(message)})`,
      });
    }
  }
  return [...byOffset.values()];
}

interface Walk {
  readonly positionAt: (offset: number) => Position;
  readonly problems: PlacedProblem[];
}

function toValue(walk: Walk, node: ParsedNode | null, path: Path): unknown {
  if (node === null) {
    return null;
  }
  const add = (code: 'alias' | 'yaml-tag', current: string, expected: string) => {
    walk.problems.push({ code, ...walk.positionAt(node.range[0]), path: pathText(path), current, expected });
  };
  if (isAlias(node)) {
    add('alias', `it is the YAML alias "*${shownText(node.source)}"`, ALIAS_EXPECTED);
    return undefined;
  }
  if (node.tag !== undefined && node.tag !== YAML_STRING_TAG) {
    add('yaml-tag', `it has the YAML tag "${shownText(node.tag)}"`, 'no YAML tag');
    return undefined;
  }
  if (isScalar(node)) {
    const { source, value } = node;
    return source !== undefined && typeof value === 'number' && ACCOUNT_ID.test(source) ? source : value;
  }
  return isSeq(node)
    ? node.items.map((item, index) => toValue(walk, toNode(item), [...path, index]))
    : toObject(walk, node, path);
}

function toObject(walk: Walk, node: YAMLMap.Parsed, path: Path): object {
  const values = new Map<string, unknown>();
  const positions = new Map<string, Position>();
  for (const { key, value } of node.items) {
    const name = keyText(key);
    const keyPath = [...path, name];
    const position = walk.positionAt(offsetAt(key, node.range[0]));
    const first = positions.get(name);
    if (first === undefined) {
      positions.set(name, position);
      values.set(name, toValue(walk, toNode(value), keyPath));
    } else {
      const expected = `it once: line ${first.line} has it`;
      walk.problems.push({
        code: 'duplicate-key',
        ...position,
        path: pathText(keyPath),
        current: 'it is given again',
        expected,
      });
    }
  }
  // Unlike an assignment this makes `__proto__` a key like any other.
  return Object.fromEntries(values);
}

/** What the parser's types call a pair with a collection inside is a node once a whole document is composed. */
function toNode(item: unknown): ParsedNode | null {
  // Nodes of a parsed document are parsed nodes: the parser makes no others.
  return isNode(item) ? (item as ParsedNode) : null;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}

function offsetAt(node: unknown, otherwise: number): number {
  return isNode(node) && node.range ? node.range[0] : otherwise;
}

/** Where a value stands, and where its key does; for an entry of a list or the file as a whole the two are one. */
interface Place {
  readonly offset: number;
  readonly keyOffset: number;
}

/** Returns the place of what stands at a path, or of the nearest thing around it that exists. */
function placeOf(contents: ParsedNode, path: Path): Place {
  let node: ParsedNode | null = contents;
  let place: Place = { offset: contents.range[0], keyOffset: contents.range[0] };
  for (const step of path) {
    const inside: { node: unknown; place: Place } | undefined = stepInto(node, step, place);
    if (inside === undefined) {
      return place;
    }
    node = toNode(inside.node);
    place = inside.place;
  }
  return place;
}

function stepInto(node: ParsedNode | null, step: PropertyKey, around: Place) {
  if (isSeq(node) && typeof step === 'number') {
    const item: unknown = node.items[step];
    const offset = offsetAt(item, around.offset);
    return { node: item, place: { offset, keyOffset: offset } };
  }
  const pair = isMap(node) ? node.items.find(({ key }) => keyText(key) === step) : undefined;
  if (pair === undefined) {
    return undefined;
  }
  const keyOffset = offsetAt(pair.key, around.offset);
  // An empty value is found where its key is: behind it there is nothing to see.
  const isEmpty = pair.value === null || pair.value.range[0] === pair.value.range[1];
  return { node: pair.value, place: { offset: isEmpty ? keyOffset : offsetAt(pair.value, keyOffset), keyOffset } };
}

/** The parser's own counter of lines misses ends inside what it cannot read. */
function lineStartsOf(source: string): readonly number[] {
  const starts = [0];
  for (let end = source.indexOf('\n'); end !== -1; end = source.indexOf('\n', end + 1)) {
    starts.push(end + 1);
  }
  return starts;
}

function positionIn(lineStarts: readonly number[], offset: number): Position {
  const line = lineStarts.findLastIndex((start) => start <= offset);
  // The first line starts at 0, so there is always one.
  return { line: line + 1, column: offset - (lineStarts[line] ?? 0) + 1 };
}

function lineAt(source: string, offset: number): string {
  const start = source.lastIndexOf('\n', offset - 1) + 1;
  const end = source.indexOf('\n', start);
  return source.slice(start, end === -1 ? source.length : end).trim();
}

/** The parser quotes the file in its messages. */
function withoutControls(message: string): string {
  return message.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ');
}
