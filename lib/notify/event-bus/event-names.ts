/** What rules of the event bus match. Permanent: rules of others name them. */
export const EVENT_SOURCE = 'elbowroom';
export const ALERT_TRANSITION_DETAIL_TYPE = 'Elbowroom Alert Transition';
/** A hint to our own functions that there is something to tell. */
export const ALERTS_CHANGED_DETAIL_TYPE = 'Elbowroom Alerts Changed';
