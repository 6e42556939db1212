import type { Alert } from '../../domain/alert/alert.ts';
import type { SlackClient, UploadInput } from './slack-client.ts';

/** A chart as a picture that Slack takes. */
export type ChartPicture = Omit<UploadInput, 'channelId' | 'threadTs'>;

export interface AlertCharts {
  /** Draws the chart of an alert as of now; `undefined` where there is nothing to draw. */
  chartOf(alert: Alert): Promise<ChartPicture | undefined>;
  /** Hears why a chart did not get there, or may not have. */
  onChartFailed(alertId: string, reason: unknown): void;
}

/**
 * Sends the chart of an alert into its thread, after the text. It is tried once, by whoever posted the text: the text says all
 * that it shows, and a second attempt could put it there twice, which nobody can find out, since files carry no metadata. What
 * it fails with changes nothing.
 */
export async function followWithChart(
  alert: Alert,
  thread: Pick<UploadInput, 'channelId' | 'threadTs'>,
  { client, charts }: { readonly client: SlackClient; readonly charts: AlertCharts },
): Promise<void> {
  let reason: unknown;
  try {
    const chart = await charts.chartOf(alert);
    const outcome = chart === undefined ? undefined : await client.upload({ ...chart, ...thread });
    reason = outcome?.state === 'done' ? undefined : outcome;
  } catch (cause) {
    // Reading and drawing may fail with anything; the text was told, and that stands.
    reason = cause;
  }
  if (reason !== undefined) {
    charts.onChartFailed(alert.alertId, reason);
  }
}
