import { DescribeNetworkInterfacesCommand, EC2Client, paginateDescribeNetworkInterfaces } from '@aws-sdk/client-ec2';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { createAwsClients } from '../../lib/aws/clients.ts';
import { systemClock } from '../../lib/aws/clock.ts';
import { collectNetworkInterfaces } from '../../lib/collect/network-interfaces.ts';

/**
 * Lists the interfaces of a fast server in four ways, interleaved, and prints the CPU time of each as JSON:
 * the bytes alone, decoded by our reader, collected in full, and by the SDK as it comes.
 */
const ROUNDS = 5;
const endpoint = process.argv[2] ?? '';
const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'bench' };
const signal = new AbortController().signal;

const fast = createAwsClients({ endpoint, limiter: { take: () => Promise.resolve() } }).ec2({
  accountId: '123456789012',
  region: 'us-east-1',
  credentials,
  signal,
});
const stock = new EC2Client({ endpoint, region: 'us-east-1', credentials, requestHandler: new NodeHttpHandler({}) });

/** The same pages over the same kind of connection, unread. */
async function transport(): Promise<number> {
  let token: string | undefined;
  let bytes = 0;
  do {
    const body = `Action=DescribeNetworkInterfaces&MaxResults=1000${token === undefined ? '' : `&NextToken=${token}`}`;
    const answer = await fetch(endpoint, { method: 'POST', body });
    const page = Buffer.from(await answer.arrayBuffer());
    bytes += page.length;
    const tokenAt = page.lastIndexOf('<nextToken>');
    token = tokenAt < 0 ? undefined : page.toString('latin1', tokenAt + 11, page.indexOf('<', tokenAt + 11));
  } while (token !== undefined);
  return bytes;
}

async function decoded(client: EC2Client): Promise<number> {
  let count = 0;
  const pages = paginateDescribeNetworkInterfaces({ client, pageSize: 1000 }, {});
  for await (const page of pages) {
    count += page.NetworkInterfaces?.length ?? 0;
  }
  return count;
}

async function collected(): Promise<number> {
  const fact = await collectNetworkInterfaces(fast, { clock: systemClock, signal });
  return fact.state === 'observed' ? fact.value.length : 0;
}

async function cpuMsOf(run: () => Promise<number>): Promise<{ cpuMs: number; wallMs: number; result: number }> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() - startedAt, result };
}

const ways = { transport, fastDecode: () => decoded(fast), collect: collected, stockDecode: () => decoded(stock) };
await fast.send(new DescribeNetworkInterfacesCommand({ MaxResults: 5 }));
const rounds: Record<string, { cpuMs: number; wallMs: number; result: number }[]> = {};
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const [name, run] of Object.entries(ways)) {
    const measured = await cpuMsOf(run);
    // The first round warms up.
    rounds[name] = round === 0 ? [] : [...(rounds[name] ?? []), measured];
  }
}
process.stdout.write(JSON.stringify(rounds));
