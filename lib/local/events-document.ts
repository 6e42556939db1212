import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { AlertTransitionDetail } from '../../events/alert-transition.ts';
import {
  ALERT_TRANSITION_DETAIL_TYPE,
  ALERTS_CHANGED_DETAIL_TYPE,
  EVENT_SOURCE,
} from '../notify/event-bus/event-names.ts';

/** Returns `docs/events.md`: what programs and mailboxes hear of alerts. */
export function eventsDocument(): string {
  const example = readFileSync(new URL('../../events/alert-transition.json', import.meta.url), 'utf8');
  return `# Events

<!-- Made by "npm run generate" from events/alert-transition.ts. -->

Where the settings say \`notifications: { eventBus: true }\`, every transition of every alert is put on the EventBridge bus that
\`BUS_NAME\` names, or on the account's default one. A rule picks them by

\`\`\`json
{ "source": ["${EVENT_SOURCE}"], "detail-type": ["${ALERT_TRANSITION_DETAIL_TYPE}"] }
\`\`\`

and by whatever of \`detail\` it wants: \`{ "detail": { "after": { "severity": ["critical"] }, "isSilenced": [false] } }\`, or
\`{ "detail": { "alert": { "tags": { "env": ["prod"] } } } }\`.

## What to rely on

- **Every transition comes, at least once.** \`alertId\` and \`sequence\` together are its name: who has handled that name has
  handled the event, whatever else differs (\`isSilenced\` is as of when it was sent).
- **Those of an alert are put on the bus in their order**, each when the one before was accepted. EventBridge itself promises no
  order, and may deliver twice: who needs the order waits for \`sequence - 1\`, or takes the highest \`sequence\` for the truth,
  since each event has the whole alert in it.
- **Nothing is folded and nothing is kept back.** Silences, snoozes and quiet hours are for people; \`isSilenced\` and
  \`alert.snoozed\` say what they asked for. What was there at the first look at an account has \`alert.isFirstJudgement\`.
- **From when it is asked for.** What was open before comes with its next transition.
- **Within minutes**: a hint starts the sending at once, a sweep every 5 minutes sends what a lost hint left.
- **Fields may be added** without notice; what is here stays for as long as \`schemaVersion\` is 1. Ignore what you do not know.
- **Names, tags and sentences are foreign text.** Unseen characters are written out (\`[U+202E]\`), names are cut to 256
  characters and sentences to 1,000, and end in "…" then. Escape them where you show them.
- An event has at most 256 KB. Where its lists are longer than told, \`isComplete\` is false, and \`GET /v1/alerts\` has the rest.

## The detail of \`${ALERT_TRANSITION_DETAIL_TYPE}\`

Every field is always there; what is not known is null.

| field | holds | meaning |
| --- | --- | --- |
${rowsOf(jsonSchema(), '').join('\n')}

An example:

\`\`\`json
${example.trimEnd()}
\`\`\`

Events of detail-type \`${ALERTS_CHANGED_DETAIL_TYPE}\` on the same bus are hints to Elbowroom's own functions, and no part of this contract.

## Mail

Where the settings say \`notifications: { email: true }\`, people are told by mail as well, through the SNS topic that
\`MAIL_TOPIC_ARN\` names: subscribe addresses to it. A mail is what a message in Slack is: one for an alert and what happened to it,
one for many alerts that come together, one for a first look, and nothing of what is silenced. Each comes at least once, with
\`severity\` (the worst that it tells of) and \`kinds\` as message attributes, by which a subscription's filter policy can pick:

\`\`\`json
{ "severity": ["critical"], "kinds": ["exhaustion", "no-free-prefix"] }
\`\`\`
`;
}

/** As much of JSON Schema as the contract is written with. https://json-schema.org/draft/2020-12/schema */
const SchemaNode = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  format: z.string().optional(),
  const: z.union([z.string(), z.number()]).optional(),
  enum: z.array(z.string().nullable()).optional(),
  get anyOf() {
    return z.array(SchemaNode).optional();
  },
  get items() {
    return SchemaNode.optional();
  },
  get properties() {
    return z.record(z.string(), SchemaNode).optional();
  },
  get additionalProperties() {
    return SchemaNode.optional();
  },
});
type SchemaNode = z.infer<typeof SchemaNode>;

function jsonSchema(): SchemaNode {
  return SchemaNode.parse(z.toJSONSchema(AlertTransitionDetail, { io: 'input' }));
}

function rowsOf(node: SchemaNode, path: string): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const fieldPath = path + name;
    const present = withoutNull(field);
    const inner =
      present.items === undefined ? rowsOf(present, `${fieldPath}.`) : rowsOf(present.items, `${fieldPath}[].`);
    return [`| \`${fieldPath}\` | ${typeText(field)} | ${field.description ?? ''} |`, ...inner];
  });
}

/** What a field holds where it is not null. */
function withoutNull(node: SchemaNode): SchemaNode {
  return node.anyOf?.find(({ type }) => type !== NULL) ?? node;
}

const NULL = 'null';
const FORMATS: Readonly<Record<string, string>> = { 'date-time': 'moment in UTC', date: 'UTC day' };

function typeText(node: SchemaNode): string {
  const present = withoutNull(node);
  return presentText(present) + (present !== node || typesOf(node).includes(NULL) ? ' or null' : '');
}

function typesOf({ type }: SchemaNode): readonly string[] {
  return type === undefined ? [] : [type].flat();
}

function presentText(node: SchemaNode): string {
  if (node.const !== undefined || node.enum !== undefined) {
    return (node.enum ?? [node.const]).flatMap((value) => (value === null ? [] : `\`${value}\``)).join(', ');
  }
  const type = typesOf(node).find((one) => one !== NULL);
  switch (type) {
    case 'array':
      return `list of ${node.items === undefined ? 'anything' : typeText(node.items)}`;
    case 'object':
      return node.additionalProperties === undefined ? 'map' : `${typeText(node.additionalProperties)} by key`;
    case 'string':
      return FORMATS[node.format ?? ''] ?? 'text';
    default:
      return type ?? 'anything';
  }
}
