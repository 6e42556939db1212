import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startEmbeddedDynamodb } from '../../../lib/local/service/embedded-dynamodb.ts';
import { createLocalTelemetry } from '../../../lib/local/service/local-telemetry.ts';
import { createPastBuilder } from '../../../lib/local/service/past-builder.ts';
import { createPipeline } from '../../../lib/local/service/pipeline.ts';
import { createServiceStores } from '../../../lib/local/service/service-stores.ts';
import { createSimulatedWorld } from '../../../lib/local/service/simulated-world.ts';
import { openSimulation } from '../../../lib/local/service/simulation.ts';
import { DEMO_ACCOUNT_IDS } from '../../../lib/local/simulated-aws/demo-organization.ts';
import { defaultSettings } from '../../../lib/settings/settings.ts';
import { createStoreTable } from '../../../lib/store/table.ts';
import { createFakeClock } from '../../aws/fake-clock.ts';

const START_MS = Date.parse('2026-11-23T08:07:00.000Z');
const HOUR_MS = 3_600_000;
const TABLE_NAME = 'elbowroom';

describe('building the past', () => {
  it("leaves a series with the simulated AWS's own counts, hour by hour, and the present as it was", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'elbowroom-past-'));
    const failures: string[] = [];
    const telemetry = createLocalTelemetry((line) => failures.push(line));
    const database = await startEmbeddedDynamodb({
      path: join(folder, 'dynamodb'),
      tableName: TABLE_NAME,
      onFailure: (cause) => failures.push(cause.message),
    });
    const simulation = await openSimulation({ folder, clock: createFakeClock(START_MS), dayMs: undefined });
    if (!database.ok || !simulation.ok) {
      throw new Error('Cannot open the folder');
    }
    const storesAt = (now: () => number) =>
      createServiceStores(
        createStoreTable({
          client: database.value.createClient(),
          tableName: TABLE_NAME,
          clock: { now, sleep: () => Promise.resolve() },
        }),
      );
    const world = createSimulatedWorld(simulation.value, defaultSettings(), 1);
    const stores = storesAt(world.clock.now);
    const { scope, observation, clock } = world;
    const present = createPipeline({ stores, observation, clock, scope, telemetry });
    const at = new Date(START_MS).toISOString();
    await present.plan({ kind: 'scan', scheduledAt: at, pulseScope: 'at-risk' });
    await present.queues.idle();
    await present.rollUp(at);
    const before = await stores.fleets.readFleet();
    if (world.past === undefined) {
      throw new Error('The simulated organisation has a past');
    }
    const builder = await createPastBuilder({
      folder,
      past: world.past,
      pipelineOf: (opened) =>
        createPipeline({
          stores: { ...storesAt(opened.clock.now), fleets: stores.fleets },
          observation: opened.observation,
          clock: opened.clock,
          scope,
          telemetry,
        }),
      onProgress: () => undefined,
    });
    if (!builder.ok) {
      throw new Error(builder.error);
    }
    expect(builder.value.view()).toMatchObject({ state: 'building', daysFinished: 0 });
    expect(await builder.value.run(new AbortController().signal)).toBe(true);
    expect(builder.value.view()).toMatchObject({ state: 'complete', daysFinished: 1 });

    const { aws } = simulation.value.live;
    const region = aws.accounts.get(DEMO_ACCOUNT_IDS.search)?.regions.get('eu-west-1');
    const [subnet] = [...(region?.subnets.values() ?? [])].filter(({ Tags: tags }) =>
      tags?.some(({ Value: value }) => value === 'search-eu-a'),
    );
    const { SubnetId: subnetId = '', VpcId: vpcId = '' } = subnet ?? {};
    const samples = await stores.series.samples(
      { ownerId: DEMO_ACCOUNT_IDS.search, region: 'eu-west-1', vpcId },
      { from: '2026-11-22', to: '2026-11-23' },
    );
    const past = simulation.value.createPast();
    const expected: [string, number | undefined][] = [];
    for (let ms = Math.ceil((START_MS - 24 * HOUR_MS) / HOUR_MS) * HOUR_MS; ms < START_MS - HOUR_MS; ms += HOUR_MS) {
      past.live.advanceTo(new Date(ms));
      const then = past.live.aws.accounts
        .get(DEMO_ACCOUNT_IDS.search)
        ?.regions.get('eu-west-1')
        ?.subnets.find(({ SubnetId: id }) => id === subnetId);
      expected.push([new Date(ms).toISOString(), then?.AvailableIpAddressCount]);
    }
    expected.push([at, subnet?.AvailableIpAddressCount]);
    expect(
      samples.map(({ observedAt, points }) => [observedAt, points.get(subnetId)?.availableIpAddressCount]),
    ).toEqual(expected);
    expect(new Set(expected.map(([, count]) => count)).size).toBeGreaterThan(3);

    await present.rollUp(at);
    const after = await stores.fleets.readFleet();
    expect(after?.subnets).toEqual(before?.subnets);
    expect(after?.clusters).toEqual(before?.clusters);
    expect(failures).toEqual([]);
    await database.value.stop();
    await rm(folder, { recursive: true, force: true });
  }, 120_000);
});
