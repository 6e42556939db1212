import { type RoomHistoryPorts, readRoomHistory } from '../audit/read-room-history.ts';
import { toAlertChart } from '../notify/slack/alert-chart.tsx';
import type { AlertCharts } from '../notify/slack/follow-with-chart.ts';
import { renderChart } from './render-chart.ts';

/** Draws the charts of alerts from what is kept of their VPCs. */
export function createAlertCharts(ports: RoomHistoryPorts, onChartFailed: AlertCharts['onChartFailed']): AlertCharts {
  return {
    async chartOf(alert) {
      const history = await readRoomHistory(alert, ports);
      if (history === undefined) {
        return undefined;
      }
      const { svg, ...about } = toAlertChart(alert, history);
      return { ...about, bytes: await renderChart(svg) };
    },
    onChartFailed,
  };
}
