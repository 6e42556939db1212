/** What Slack would refuse of a message, by the limits of https://docs.slack.dev/reference/block-kit as of 2026-11-23. */

type Json = Readonly<Record<string, unknown>>;

/** Returns every problem of a message's text and blocks, with its path. Written from the documentation, not from our builders. */
export function blockKitProblems(body: { readonly text: string; readonly blocks: unknown }): string[] {
  const problems: string[] = [];
  if (body.text.length === 0 || body.text.length > 4_000) {
    problems.push(`text: ${body.text.length} characters`);
  }
  problems.push(...controlProblems('text', body.text));
  const blocks = body.blocks;
  if (!Array.isArray(blocks)) {
    return [...problems, 'blocks: no list'];
  }
  if (blocks.length > 50) {
    problems.push(`blocks: ${blocks.length} of them`);
  }
  if (JSON.stringify(blocks).length > 12_000) {
    problems.push(`blocks: ${JSON.stringify(blocks).length} characters`);
  }
  const actionIds = new Set<string>();
  for (const [index, block] of blocks.entries()) {
    problems.push(...blockProblems(`blocks/${index}`, block, actionIds));
  }
  return problems;
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function blockProblems(path: string, block: unknown, actionIds: Set<string>): string[] {
  if (!isJson(block)) {
    return [`${path}: no object`];
  }
  switch (block['type']) {
    case 'header':
      return [
        ...unknownFields(path, block, ['type', 'text']),
        ...textProblems(`${path}/text`, block['text'], 150, ['plain_text']),
      ];
    case 'divider':
      return unknownFields(path, block, ['type']);
    case 'section':
      return sectionProblems(path, block);
    case 'context':
      return [
        ...unknownFields(path, block, ['type', 'elements']),
        ...listProblems(`${path}/elements`, block['elements'], 10, (at, item) =>
          textProblems(at, item, 3_000, ['plain_text', 'mrkdwn']),
        ),
      ];
    case 'actions':
      return [
        ...unknownFields(path, block, ['type', 'elements', 'block_id']),
        ...listProblems(`${path}/elements`, block['elements'], 25, (at, item) => buttonProblems(at, item, actionIds)),
      ];
    default:
      return [`${path}: unknown type ${JSON.stringify(block['type'])}`];
  }
}

function sectionProblems(path: string, block: Json): string[] {
  const { text, fields } = block;
  return [
    ...unknownFields(path, block, ['type', 'text', 'fields']),
    ...(text === undefined && fields === undefined ? [`${path}: neither text nor fields`] : []),
    ...(text === undefined ? [] : textProblems(`${path}/text`, text, 3_000, ['plain_text', 'mrkdwn'])),
    ...(fields === undefined
      ? []
      : listProblems(`${path}/fields`, fields, 10, (at, item) =>
          textProblems(at, item, 2_000, ['plain_text', 'mrkdwn']),
        )),
  ];
}

function buttonProblems(path: string, button: unknown, actionIds: Set<string>): string[] {
  if (!isJson(button) || button['type'] !== 'button') {
    return [`${path}: no button`];
  }
  const { action_id: id, url, value, style } = button;
  const problems = [
    ...unknownFields(path, button, ['type', 'text', 'action_id', 'url', 'value', 'style']),
    ...textProblems(`${path}/text`, button['text'], 75, ['plain_text']),
  ];
  if (typeof id !== 'string' || id.length === 0 || id.length > 255 || actionIds.has(id)) {
    problems.push(`${path}/action_id: ${JSON.stringify(id)}`);
  } else {
    actionIds.add(id);
  }
  if (url !== undefined && (typeof url !== 'string' || url.length > 3_000)) {
    problems.push(`${path}/url`);
  }
  if (value !== undefined && (typeof value !== 'string' || value.length > 2_000)) {
    problems.push(`${path}/value`);
  }
  return style === undefined || style === 'primary' || style === 'danger' ? problems : [...problems, `${path}/style`];
}

function listProblems(
  path: string,
  list: unknown,
  most: number,
  of: (path: string, item: unknown) => string[],
): string[] {
  if (!Array.isArray(list) || list.length === 0 || list.length > most) {
    return [`${path}: not 1 to ${most} items`];
  }
  return list.flatMap((item, index) => of(`${path}/${index}`, item));
}

function textProblems(path: string, text: unknown, most: number, types: readonly string[]): string[] {
  if (!isJson(text) || typeof text['text'] !== 'string' || !types.includes(String(text['type']))) {
    return [`${path}: no text object`];
  }
  const { length } = text['text'];
  return [
    ...unknownFields(path, text, text['type'] === 'mrkdwn' ? ['type', 'text', 'verbatim'] : ['type', 'text', 'emoji']),
    ...(length === 0 || length > most ? [`${path}: ${length} characters`] : []),
    ...controlProblems(path, text['text']),
  ];
}

/** A control sequence is a mention or a link of a kind that we write; every other angle bracket and ampersand is an entity. */
const CONTROL_SEQUENCES = /<(?:@[A-Z0-9]+|!here|!subteam\^[A-Z0-9]+|https?:\/\/[^<>|\s]+\|[^<>|]+)>/g;

function controlProblems(path: string, text: string): string[] {
  const rest = text.replaceAll(CONTROL_SEQUENCES, '');
  return [
    ...(/[<>]/.test(rest) ? [`${path}: an angle bracket that is not escaped`] : []),
    ...(/&(?!(?:amp|lt|gt);)/.test(rest) ? [`${path}: an ampersand that is not escaped`] : []),
    ...(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(rest.replaceAll('\n', ''))
      ? [`${path}: an unseen character`]
      : []),
    ...(text.isWellFormed() ? [] : [`${path}: half a surrogate pair`]),
  ];
}

function unknownFields(path: string, value: Json, known: readonly string[]): string[] {
  return Object.keys(value).flatMap((name) => (known.includes(name) ? [] : [`${path}: unknown field ${name}`]));
}
