import type * as z from 'zod/mini';
import { map, spelled } from './message-parts.ts';

/** Somebody asks for the test message that ends the dry run of a channel. Sent by hand, to the function that tells Slack. */
export const ConfirmChannelMessage = map({
  confirmChannel: spelled(/^#?[\p{L}\p{N}_-]{1,80}$/u, 'a Slack channel as the settings spell it'),
  /** As it names itself; shown in the message. */
  askedBy: spelled(/^[\p{L}\p{N}\p{P}\p{S} ]{1,100}$/u, 'who asks: 1 to 100 visible characters'),
});

export type ConfirmChannelMessage = z.infer<typeof ConfirmChannelMessage>;
