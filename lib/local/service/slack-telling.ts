import type { AlertHint } from '../../audit/alert-ports.ts';
import { readRoomHistory } from '../../audit/read-room-history.ts';
import type { RehearsalSpan } from '../../audit/rehearse-alerts.ts';
import type { Subscriber } from '../../audit/subscribers.ts';
import type { Preview } from '../../notify/slack/preview-page.tsx';
import type { ServiceStores } from './service-stores.ts';
import { SAMPLE_CHARTS } from './slack-chart-samples.ts';
import { createSlackDesk, type SlackDeskOptions } from './slack-desk.ts';
import { createSlackRehearsal, type SlackRehearsalOptions } from './slack-rehearsal.ts';
import { SAMPLE_MESSAGES } from './slack-samples.ts';

export interface SlackTellingOptions
  extends Omit<SlackDeskOptions, 'runs' | 'readHistory'>,
    Omit<SlackRehearsalOptions, 'stores'> {
  readonly stores: SlackRehearsalOptions['stores'] & Pick<ServiceStores, 'forecasts'>;
  /** Told of what could not be told; it is tried again by the next sweep. */
  readonly onFailure: (cause: unknown) => void;
}

/** Tells alerts on the preview page, those of now and those of the past. */
export interface SlackTelling {
  /** Nobody where the settings name no Slack. */
  readonly subscribers: readonly Subscriber[];
  /** Tells what there is to tell, and does not wait for it. */
  readonly hint: AlertHint;
  /** Tells what there is to tell. */
  sweep(): Promise<void>;
  /** Finds out what would have been told, from the past as it is stored. */
  rehearse(span: RehearsalSpan, signal: AbortSignal): Promise<void>;
  preview(): Preview;
}

type RehearsalState = 'waiting' | 'running' | 'complete' | 'stopped' | 'failed';

/** Makes what tells alerts of one machine. */
export function createSlackTelling(options: SlackTellingOptions): SlackTelling {
  const { settings, stores, clock, onFailure } = options;
  const desk = createSlackDesk({
    ...options,
    runs: stores.runs,
    readHistory: (alert) => readRoomHistory(alert, { ...stores, now: clock.now }),
  });
  const rehearsal = createSlackRehearsal(options);
  const isNamed = settings.notifications.slack !== undefined;
  let rehearsed: { readonly state: RehearsalState; readonly span?: RehearsalSpan } = { state: 'waiting' };
  const sweep = oneAtATime(async () => {
    try {
      await desk.tell();
    } catch (cause) {
      for (const each of cause instanceof AggregateError ? cause.errors : [cause]) {
        onFailure(each);
      }
    }
  });
  return {
    subscribers: isNamed ? ['slack'] : [],
    hint() {
      void sweep();
      return Promise.resolve();
    },
    sweep,
    async rehearse(span, signal) {
      if (!isNamed) {
        return;
      }
      rehearsed = { state: 'running', span };
      try {
        const { outcome } = await rehearsal.run(span, signal);
        rehearsed = { state: outcome, span };
      } catch (cause) {
        rehearsed = { state: 'failed', span };
        throw cause;
      }
    },
    preview: () => ({
      parts: isNamed
        ? [
            { title: 'Told now', notice: NOW_NOTICE, threads: desk.threads() },
            { title: 'What history would have sent', notice: historyNotice(rehearsed), threads: rehearsal.threads() },
          ]
        : [{ title: 'Told now', notice: NOBODY_NOTICE, threads: [] }],
      samples: SAMPLE_MESSAGES,
      charts: SAMPLE_CHARTS,
    }),
  };
}

const NOW_NOTICE =
  'Since this process started, the newest first. What was found at the very first look is told as one message an hour later; from then on each change comes by itself.';
const NOBODY_NOTICE =
  'Nobody is told: elbowroom.settings.yaml has no notifications.slack. docs/slack.md says what to set.';

function historyNotice({ state, span }: { readonly state: RehearsalState; readonly span?: RehearsalSpan }): string {
  const judged =
    'Stored scans judged again in their order, by the rules and settings of today. None of this was ever sent, and daily digests are left out';
  const days = span === undefined ? '' : `, from ${span.from.slice(0, DAY_LENGTH)} to ${span.to.slice(0, DAY_LENGTH)}`;
  switch (state) {
    case 'waiting':
      return 'Waits for the past: once it is built, its scans are judged again to see what would have been sent.';
    case 'running':
      return `${judged}${days}. It is under way: more comes.`;
    case 'complete':
      return `${judged}${days}.`;
    case 'stopped':
      return `${judged}${days}. It was stopped before its end.`;
    case 'failed':
      return `${judged}${days}. It failed before its end; the terminal says why.`;
  }
}

const DAY_LENGTH = '2026-11-23'.length;

/** Runs something once at a time, and once more after that where it was asked for meanwhile. Resolves when nothing is left to do. */
function oneAtATime(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let isAskedAgain = false;
  const work = async (): Promise<void> => {
    do {
      isAskedAgain = false;
      await run();
    } while (isAskedAgain);
    running = undefined;
  };
  return () => {
    if (running === undefined) {
      running = work();
    } else {
      isAskedAgain = true;
    }
    return running;
  };
}
