/** Markup that our messages use, and entities. In this order: within backticks nothing else is markup. */
const MARKUP = /`([^`\n]+)`|<(https?:[^|>]+)\|([^>]+)>|<([!@][^>]+)>|\*([^*\n]+)\*/g;
const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Renders text as Slack would show it; `plain` text has no markup but entities. */
export function mrkdwnNodes(source: string, type: 'mrkdwn' | 'plain' = 'mrkdwn') {
  if (type === 'plain') {
    return [decoded(source)];
  }
  const nodes: (string | ReturnType<typeof markupNode>)[] = [];
  let from = 0;
  for (const match of source.matchAll(MARKUP)) {
    nodes.push(decoded(source.slice(from, match.index)), markupNode(match));
    from = match.index + match[0].length;
  }
  nodes.push(decoded(source.slice(from)));
  return nodes;
}

function markupNode([whole, code, url, label, mention, bold]: RegExpExecArray) {
  if (code !== undefined) {
    return <code>{decoded(code)}</code>;
  }
  if (url !== undefined && label !== undefined) {
    return <a href={decoded(url)}>{decoded(label)}</a>;
  }
  if (mention !== undefined) {
    return <span class="call">{mentionWords(mention)}</span>;
  }
  return bold === undefined ? decoded(whole) : <b>{decoded(bold)}</b>;
}

function mentionWords(mention: string): string {
  return mention.startsWith('@') ? mention : `@${mention.replace(/^!(?:subteam\^)?/, '')}`;
}

function decoded(text: string): string {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity);
}
