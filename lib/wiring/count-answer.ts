import type { AnsweredRequest } from '../api/api-ports.ts';
import type { MetricDimensions, Telemetry } from './telemetry.ts';

/** What asked for no route at all is one of them: paths that somebody makes up would be without number. */
const NO_ROUTE = 'none';
const CLASSES: Readonly<Record<string, MetricDimensions['statusClass']>> = {
  1: '1xx',
  2: '2xx',
  3: '3xx',
  4: '4xx',
};

/** Returns what counts the answers of a process by route and class of status, with how long each took, and its cold start. */
export function answerCounter(
  telemetry: Pick<Telemetry, 'publish'>,
  { isColdStart }: { readonly isColdStart: boolean },
): (answer: Pick<AnsweredRequest, 'route' | 'status' | 'durationMs'>) => void {
  let isNext = isColdStart;
  return ({ route, status, durationMs }) => {
    const statusClass = CLASSES[String(status).charAt(0)] ?? '5xx';
    telemetry.publish({ RequestDuration: durationMs }, { route: route ?? NO_ROUTE, statusClass });
    if (isNext) {
      isNext = false;
      telemetry.publish({ ColdStarts: 1 });
    }
  };
}

const started = new WeakSet<object>();

/** Returns whether nothing was composed in this process before; its environment is what a process has one of. */
export function isColdStart(environment: object): boolean {
  const isFirst = !started.has(environment);
  started.add(environment);
  return isFirst;
}
