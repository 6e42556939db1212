/** Who hears of alerts. Permanent: these words are in keys and in what is kept of each alert. */
export const SUBSCRIBERS = ['slack', 'event-bus', 'email'] as const;
export type Subscriber = (typeof SUBSCRIBERS)[number];
