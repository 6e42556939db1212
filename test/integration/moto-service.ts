import { REQUIRED_FACTS_DEFAULT } from '../../lib/audit/coverage.ts';
import type { PlanScan } from '../../lib/audit/message-ports.ts';
import { OPEN_POLICY } from '../../lib/audit/policy.ts';
import { systemClock } from '../../lib/aws/clock.ts';
import { createPipeline } from '../../lib/local/service/pipeline.ts';
import { createServiceStores, type ServiceStores } from '../../lib/local/service/service-stores.ts';
import { createStoreTable } from '../../lib/store/table.ts';
import { createAuditPorts } from '../../lib/wiring/audit-ports.ts';
import { createTable, engineClient, startDynalite } from '../helpers/dynamodb-engines.ts';
import { createRecordingTelemetry } from '../wiring/recording-telemetry.ts';
import { MEMBER_ROLE_NAME, REGIONS } from './moto-fleet.ts';

const TABLE_NAME = 'elbowroom-service';
const DEADLINE_MS = 300_000;

export interface MotoService {
  readonly stores: ServiceStores;
  readonly run: (message: PlanScan) => Promise<void>;
  readonly deadLetterCount: () => number;
  readonly stop: () => Promise<void>;
}

/** The service over moto: every function by its handler, its queues in the process, its table in dynalite. */
export async function startMotoService(endpoint: string): Promise<MotoService> {
  const engine = await startDynalite();
  await createTable(engine.endpoint, TABLE_NAME);
  const stores = createServiceStores(
    createStoreTable({ client: engineClient(engine.endpoint), tableName: TABLE_NAME }),
  );
  const aws = createAuditPorts({
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    homeRegion: 'us-east-1',
    clock: systemClock,
    clients: { endpoint },
    role: { roleName: MEMBER_ROLE_NAME, externalId: undefined, roleSessionName: 'elbowroom', deadlineMs: DEADLINE_MS },
  });
  const pipeline = createPipeline({
    stores,
    observation: { directory: aws.directory, entrance: aws.entrance, policy: OPEN_POLICY },
    clock: systemClock,
    scope: {
      requestedAccounts: { kind: 'organization' },
      requestedRegions: REGIONS,
      requiredFacts: REQUIRED_FACTS_DEFAULT,
    },
    telemetry: createRecordingTelemetry(),
  });
  return {
    stores,
    async run(message) {
      await pipeline.plan(message);
      await pipeline.queues.idle();
      await pipeline.rollUp(message.scheduledAt);
    },
    deadLetterCount: () => [...pipeline.deadLetterCounts().values()].reduce((sum, count) => sum + count, 0),
    async stop() {
      await pipeline.queues.close();
      await engine.stop();
    },
  };
}
