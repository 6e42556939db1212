import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../lib/api/routes.ts';
import { answerCounter, isColdStart } from '../../lib/wiring/count-answer.ts';
import type { MetricDimensions, MetricValues } from '../../lib/wiring/telemetry.ts';
import { anApiWorld } from '../api/api-world.ts';

function recording(isCold: boolean) {
  const published: [MetricValues, MetricDimensions | undefined][] = [];
  const telemetry = {
    publish(values: MetricValues, dimensions?: MetricDimensions) {
      published.push([values, dimensions]);
    },
  };
  return { published, count: answerCounter(telemetry, { isColdStart: isCold }) };
}

const ROUTE = 'GET /v1/subnets/{subnetId}';

describe('an answer', () => {
  it('is counted by route and class of status, with its duration', () => {
    const { published, count } = recording(false);
    count({ route: ROUTE, status: 200, durationMs: 3 });
    count({ route: ROUTE, status: 304, durationMs: 0 });
    count({ route: undefined, status: 404, durationMs: 1 });
    count({ route: ROUTE, status: 500, durationMs: 9 });
    expect(published).toEqual([
      [{ RequestDuration: 3 }, { route: ROUTE, statusClass: '2xx' }],
      [{ RequestDuration: 0 }, { route: ROUTE, statusClass: '3xx' }],
      [{ RequestDuration: 1 }, { route: 'none', statusClass: '4xx' }],
      [{ RequestDuration: 9 }, { route: ROUTE, statusClass: '5xx' }],
    ]);
  });

  it('is a cold start where it is the first of a process', () => {
    const { published, count } = recording(true);
    count({ route: ROUTE, status: 200, durationMs: 300 });
    count({ route: ROUTE, status: 200, durationMs: 3 });
    expect(published.map(([values]) => values)).toEqual([
      { RequestDuration: 300 },
      { ColdStarts: 1 },
      { RequestDuration: 3 },
    ]);
  });

  it('is of no cold start where the process is only composed again, for other settings', () => {
    const environment = {};
    expect([isColdStart(environment), isColdStart(environment), isColdStart({})]).toEqual([true, false, true]);
  });
});

describe('the route that an answer is counted by', () => {
  it.each([
    ['/v1/subnets/subnet-0f', 'GET', ROUTE],
    ['/v1/subnets/subnet-0e?x=1', 'GET', ROUTE],
    ['/v1/clusters/a%2Fb', 'GET', 'GET /v1/clusters/{clusterId}'],
    ['/v1/subnets/subnet-0f', 'POST', undefined],
    ['/v1/subnets/a/b/c', 'GET', undefined],
    ['/%2e%2e/v1', 'GET', undefined],
  ])('of %s by %s is %s', async (path, method, route) => {
    const { ask, answers } = await anApiWorld();
    await ask(path, { method });
    expect(answers.map((answer) => answer.route)).toEqual([route]);
  });

  it('is one of a few', () => {
    const routes = new Set(ROUTES.map(({ method, path }) => `${method} ${path}`));
    expect(routes.size).toBe(ROUTES.length);
    // Times four classes of status: CloudWatch bills each that is sent in an hour.
    expect(routes.size).toBeLessThan(40);
  });
});
