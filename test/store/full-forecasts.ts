import type { CrossingForecast } from '../../lib/domain/trend/forecast.ts';
import type { VpcForecasts } from '../../lib/domain/trend/vpc-forecasts.ts';

const CROSSING: CrossingForecast = {
  floor: 13,
  probability: new Map([
    [7, 0.25],
    [180, 1],
  ]),
  p10: 3,
  p50: 9,
  p90: undefined,
  censoredAt: 180,
};

/** Forecasts in which every field of every type has a value somewhere, and what may be absent is absent somewhere. */
export const FULL_FORECASTS: VpcForecasts = {
  inputsDigest: '1f-2e',
  today: 20_780,
  isOutdated: true,
  breaks: new Map([['subnet-1', [{ day: 20_770, reason: 'reservation-changed' }]]]),
  reservations: new Map([
    ['subnet-1', '10.0.0.0/28 prefix'],
    ['subnet-2', ''],
  ]),
  subnets: [
    {
      subnetId: 'subnet-1',
      addresses: {
        state: 'forecast',
        forecast: {
          subnetId: 'subnet-1',
          kind: 'addresses',
          method: 'trend',
          modelVersion: 1,
          trainedFrom: 20_740,
          trainedTo: 20_779,
          dayCount: 40,
          breaks: [{ day: 20_750, reason: 'level-moved' }],
          capacity: 251,
          now: 40,
          firstDay: 20_780,
          horizons: [{ days: 7, p10: -4.5, p50: 10, p90: 21.25 }],
          atFloor: CROSSING,
          atZero: { ...CROSSING, floor: 0, p10: undefined, p50: undefined },
          quality: { mase7: 0.75, coverage80: undefined, originCount: 12 },
          caveats: ['gaps', 'recent-break'],
        },
      },
      blocks: {
        state: 'not-expected',
        withinDays: 90,
        dayCount: 40,
        trainedFrom: 20_740,
        trainedTo: 20_779,
        capacity: 14,
        floor: 0,
        firstDay: 20_780,
      },
    },
    {
      subnetId: 'subnet-2',
      addresses: {
        state: 'forecast',
        forecast: {
          subnetId: 'subnet-2',
          kind: 'addresses',
          method: 'none',
          modelVersion: 1,
          trainedFrom: undefined,
          trainedTo: undefined,
          dayCount: 0,
          breaks: [],
          capacity: 251,
          now: 40,
          firstDay: 20_780,
          horizons: [],
          atFloor: { ...CROSSING, probability: new Map(), censoredAt: 0 },
          atZero: { ...CROSSING, probability: new Map(), censoredAt: 0 },
          quality: undefined,
          caveats: ['insufficient-history'],
        },
      },
      blocks: undefined,
    },
  ],
  portfolios: [
    {
      group: 'vpc',
      id: 'vpc-1',
      subnetIds: ['subnet-1'],
      missingSubnetIds: ['subnet-2'],
      capacity: 251,
      firstDay: 20_780,
      atFloor: CROSSING,
      atZero: CROSSING,
    },
  ],
};
