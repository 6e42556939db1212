import { expect, it } from 'vitest';
import { createAlertCharts } from '../../lib/wiring/alert-charts.ts';
import { aVpcState } from '../domain/alert/a-vpc-state.ts';
import { anAlert } from '../domain/alert/an-alert.ts';
import { HOURS_PER_DAY, hourlySamples, TODAY } from '../helpers/series-builder.ts';

const NOON = TODAY * HOURS_PER_DAY + 12;
const MS_PER_HOUR = 3_600_000;

it('draws an alert about room as a picture, and no other', async () => {
  const charts = createAlertCharts(
    {
      now: () => (NOON + 1) * MS_PER_HOUR,
      states: {
        readState: async () => ({
          version: '1',
          state: aVpcState([{ subnetId: 'subnet-0a', free: 40 }]),
          isFinished: true,
        }),
      },
      series: { samples: async () => hourlySamples(NOON - 48, NOON + 1, () => 40, 'subnet-0a') },
      forecasts: { readForecasts: async () => undefined },
    },
    () => undefined,
  );
  const chart = await charts.chartOf(anAlert());
  expect(chart).toMatchObject({ fileName: 'subnet-0a-addresses.png', title: expect.stringContaining('subnet-0a') });
  expect(Buffer.from(chart?.bytes ?? []).toString('latin1', 1, 4)).toBe('PNG');
  expect(await charts.chartOf(anAlert({ kind: 'residual-unexplained' }))).toBeUndefined();
});
