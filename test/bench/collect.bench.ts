import { AuditView } from '../../lib/api/audit-view.ts';
import { median } from './median.ts';
import { runMeasured, startFastEc2Server } from './processes.ts';

const DECODED_INTERFACES = 20_000;
const AUDITED_INTERFACES = 100_000;
const BYTES_PER_MB = 1_000_000;

/** CPU time of collecting 20,000 interfaces of 15 addresses, split into transport, decoding and ours, beside the stock SDK. */
export async function benchCollect() {
  const server = await startFastEc2Server(DECODED_INTERFACES);
  try {
    const run = await runMeasured('test/bench/collect-child.ts', [server.url], {});
    const rounds: Record<string, { cpuMs: number; wallMs: number; result: number }[]> = JSON.parse(run.stdout);
    const cpuMs = (way: string) => median((rounds[way] ?? []).map((round) => round.cpuMs));
    const wallMs = (way: string) => median((rounds[way] ?? []).map((round) => round.wallMs));
    const transport = cpuMs('transport');
    const decoding = Math.max(0, cpuMs('fastDecode') - transport);
    const stockDecoding = cpuMs('stockDecode') - transport;
    return {
      networkInterfaces: DECODED_INTERFACES,
      cpuMs: {
        transport,
        decoding,
        ours: Math.max(0, cpuMs('collect') - cpuMs('fastDecode')),
        total: cpuMs('collect'),
      },
      wallMs: { collect: wallMs('collect'), stockSdk: wallMs('stockDecode') },
      decodingMicrosPerInterface: (decoding * 1000) / DECODED_INTERFACES,
      stockDecodingMicrosPerInterface: (stockDecoding * 1000) / DECODED_INTERFACES,
      ratios: {
        stockToFastDecoding: stockDecoding / decoding,
        stockToCollectCpu: cpuMs('stockDecode') / cpuMs('collect'),
      },
    };
  } finally {
    server.close();
  }
}

/** The whole audit command over an account with 100,000 interfaces of 15 addresses and 25,000 instances, server apart. */
export async function benchAudit() {
  const server = await startFastEc2Server(AUDITED_INTERFACES);
  try {
    const run = await runMeasured('lib/local/audit.ts', ['--format', 'json', '--regions', 'us-east-1'], {
      AWS_ENDPOINT_URL: server.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'bench',
    });
    const { subnets } = AuditView.parse(JSON.parse(run.stdout));
    return {
      networkInterfaces: AUDITED_INTERFACES,
      subnets: subnets.length,
      usedAddresses: subnets.reduce((total, { usedAddressCount }) => total + (usedAddressCount ?? 0), 0),
      exitCode: run.exitCode,
      wallMs: run.wallMs,
      cpuMs: run.cpuMs,
      peakRssMb: run.peakRssBytes / BYTES_PER_MB,
      goalPeakRssMb: 512,
    };
  } finally {
    server.close();
  }
}
