import { serveSimulatedAws } from '../../lib/local/simulated-aws/serve-simulated-aws.ts';
import { benchOrganization } from './pipeline-organization.ts';

/**
 * Serves the organisation from a process of its own, so that what it takes is not measured as ours, and prints its address.
 * Told a time, it moves there and answers with what it was asked since it was told the last one.
 * Run as `tsx pipeline-aws-server.ts <accounts> <first time in milliseconds>`, with a channel to its parent.
 */
export interface AskedSince {
  /** Requests by IAM action. */
  readonly counts: Readonly<Record<string, number>>;
  readonly answeredBytes: number;
  readonly failedCount: number;
}

let nowMs = Number(process.argv[3]);
let counts: Record<string, number> = {};
let answeredBytes = 0;
let failedCount = 0;

const aws = benchOrganization(Number(process.argv[2]), () => new Date(nowMs));
aws.onRequest = ({ service, action, bytes, status }) => {
  const name = `${service}:${action}`;
  counts[name] = (counts[name] ?? 0) + 1;
  answeredBytes += bytes;
  failedCount += status === 200 ? 0 : 1;
};
process.on('message', (ms) => {
  nowMs = Number(ms);
  const since: AskedSince = { counts, answeredBytes, failedCount };
  process.send?.(since);
  counts = {};
  answeredBytes = 0;
  failedCount = 0;
});
process.on('disconnect', () => process.exit(0));
const { url } = await serveSimulatedAws(aws, { port: 0 });
process.stdout.write(`${url}\n`);
