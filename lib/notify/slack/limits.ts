/**
 * What Slack takes at most. Lengths count UTF-16 code units of the text as it is sent, entities and markup included, so that they
 * hold whichever way Slack counts.
 */

/** Blocks of a message. https://docs.slack.dev/reference/block-kit/blocks */
export const BLOCKS_MAX = 50;
/** Text of a text object where its block says nothing smaller. https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
export const TEXT_OBJECT_LENGTH_MAX = 3_000;
/** https://docs.slack.dev/reference/block-kit/blocks/header-block */
export const HEADER_LENGTH_MAX = 150;
/** Text, fields and their text in a section. https://docs.slack.dev/reference/block-kit/blocks/section-block */
export const SECTION_LENGTH_MAX = 3_000;
export const FIELDS_MAX = 10;
export const FIELD_LENGTH_MAX = 2_000;
/** https://docs.slack.dev/reference/block-kit/blocks/context-block */
export const CONTEXT_ELEMENTS_MAX = 10;
/** https://docs.slack.dev/reference/block-kit/blocks/actions-block */
export const ACTIONS_ELEMENTS_MAX = 25;
/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
export const BUTTON_TEXT_LENGTH_MAX = 75;
export const BUTTON_URL_LENGTH_MAX = 3_000;
export const ACTION_ID_LENGTH_MAX = 255;
/** What Slack asks to keep a message's own text to; it cuts at 40,000. https://docs.slack.dev/reference/methods/chat.postMessage#truncating */
export const MESSAGE_TEXT_LENGTH_MAX = 4_000;
/**
 * All blocks of a message as JSON. Undocumented: Slack answered `msg_blocks_too_long` from about 13,170 characters on.
 * https://github.com/slackapi/bolt-js/issues/2509
 */
export const BLOCKS_LENGTH_MAX = 12_000;
