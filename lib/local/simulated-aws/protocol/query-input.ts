import { type Failure, failure } from '../failure.ts';
import { membersOf, type SchemaRef, type Shape, shapeOf, textTrait } from './schema.ts';

/**
 * How names are written in a query.
 * `ec2`: https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 * `query`: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export type QueryDialect = 'ec2' | 'query';

interface FormNode {
  value: string | undefined;
  readonly children: Map<string, FormNode>;
}

const WHOLE_NUMBER = /^-?\d+$/;
const LIST_MEMBER_NAME = 'member';
const PROTOCOL_PARAMETERS: ReadonlySet<string> = new Set(['Action', 'Version']);

/**
 * Reads the input of an action from its form parameters (`Filter.1.Name`, `SubnetId.2`, …).
 * Returns the input in the SDK's names, or the error of the first parameter that the action does not have or that has the
 * wrong type.
 */
export function parseQueryInput(
  ref: SchemaRef,
  parameters: Iterable<readonly [string, string]>,
  dialect: QueryDialect,
): object | Failure {
  const problems: Failure[] = [];
  const input = readStructure(shapeOf(ref), formTree(parameters), dialect, '', problems);
  return problems[0] ?? input;
}

function formTree(parameters: Iterable<readonly [string, string]>): FormNode {
  const root: FormNode = { value: undefined, children: new Map() };
  for (const [key, value] of parameters) {
    if (PROTOCOL_PARAMETERS.has(key)) {
      continue;
    }
    let node = root;
    for (const part of key.split('.')) {
      const child: FormNode = node.children.get(part) ?? { value: undefined, children: new Map() };
      node.children.set(part, child);
      node = child;
    }
    node.value = value;
  }
  return root;
}

function readStructure(
  shape: Shape,
  node: FormNode,
  dialect: QueryDialect,
  path: string,
  problems: Failure[],
): Record<string, unknown> {
  const unread = new Set(node.children.keys());
  const input: Record<string, unknown> = {};
  for (const { name, ref } of membersOf(shape)) {
    const key = queryName(name, shapeOf(ref), dialect);
    const child = node.children.get(key);
    if (child !== undefined) {
      unread.delete(key);
      input[name] = readValue(ref, child, dialect, `${path}${key}`, problems);
    }
  }
  for (const key of unread) {
    problems.push(failure(400, 'UnknownParameter', `The parameter ${path}${key} is not recognized`));
  }
  return input;
}

function readValue(ref: SchemaRef, node: FormNode, dialect: QueryDialect, path: string, problems: Failure[]): unknown {
  const shape = shapeOf(ref);
  if (shape.kind === 'structure') {
    return readStructure(shape, node, dialect, `${path}.`, problems);
  }
  if (shape.kind === 'list') {
    return readList(shape.member, node, dialect, path, problems);
  }
  return readScalar(shape, node, path, problems);
}

function readList(
  member: SchemaRef,
  node: FormNode,
  dialect: QueryDialect,
  path: string,
  problems: Failure[],
): unknown[] {
  const elements = dialect === 'ec2' ? node : node.children.get(LIST_MEMBER_NAME);
  const byIndex = [...(elements?.children ?? [])].sort(([left], [right]) => Number(left) - Number(right));
  return byIndex.map(([index, child]) => readValue(member, child, dialect, `${path}.${index}`, problems));
}

function readScalar(shape: Shape, node: FormNode, path: string, problems: Failure[]): unknown {
  const text = node.value;
  if (text === undefined) {
    problems.push(failure(400, 'UnknownParameter', `The parameter ${path} is not recognized`));
    return undefined;
  }
  if (shape.kind === 'number') {
    if (!WHOLE_NUMBER.test(text)) {
      problems.push(
        failure(400, 'InvalidParameterValue', `Value (${text}) for parameter ${path} is invalid. Expected an integer`),
      );
    }
    return Number(text);
  }
  if (shape.kind === 'boolean') {
    if (text !== 'true' && text !== 'false') {
      problems.push(
        failure(
          400,
          'InvalidParameterValue',
          `Value (${text}) for parameter ${path} is invalid. Expected true or false`,
        ),
      );
    }
    return text === 'true';
  }
  return text;
}

function queryName(name: string, shape: Shape, dialect: QueryDialect): string {
  const xmlName = textTrait(shape.traits, 'xmlName') ?? name;
  if (dialect === 'query') {
    return xmlName;
  }
  return textTrait(shape.traits, 'ec2QueryName') ?? `${xmlName.charAt(0).toUpperCase()}${xmlName.slice(1)}`;
}
