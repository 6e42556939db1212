import type { ForecastStore } from '../audit/store-ports.ts';
import type { Clock } from '../aws/clock.ts';
import { boundedMap } from '../domain/bounded-map.ts';
import { keepAnswer } from './keep-answer.ts';

type ReadForecasts = ForecastStore['readForecasts'];

/** Of each VPC some hundred numbers for each of its subnets. */
const VPCS_MAX = 50;

/** Returns what reads the forecasts of a VPC again only when they are older than `durationMs`: they are made once a day. */
export function keepForecasts(clock: Clock, durationMs: number, readForecasts: ReadForecasts): ReadForecasts {
  const kept = boundedMap<() => ReturnType<ReadForecasts>>(VPCS_MAX);
  return (vpc) => {
    const name = JSON.stringify([vpc.ownerId, vpc.region, vpc.vpcId]);
    const ask = kept.get(name) ?? keepAnswer(clock, durationMs, () => readForecasts(vpc));
    kept.set(name, ask);
    return ask();
  };
}
