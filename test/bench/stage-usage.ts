/** What a stage took of this machine. */
export interface StageUsage {
  readonly wallMs: number;
  /** Of the thread that runs the functions. */
  readonly cpuMs: number;
  /** Of the other threads of the process: the embedded DynamoDB above all, and garbage collection. */
  readonly otherThreadsCpuMs: number;
  /** Of the whole process, the embedded DynamoDB included. */
  readonly peakRssMb: number;
  /** Of the functions' thread, garbage that was not collected yet included. */
  readonly peakHeapMb: number;
}

const SAMPLE_EVERY_MS = 20;
const MICROSECONDS_PER_MS = 1_000;
const BYTES_PER_MB = 1_000_000;

/** Runs a stage and returns what it took, sampling memory while it runs. */
export async function measureStage(run: () => Promise<unknown>): Promise<StageUsage> {
  let peakRss = 0;
  let peakHeap = 0;
  const sample = (): void => {
    const { rss, heapUsed } = process.memoryUsage();
    peakRss = Math.max(peakRss, rss);
    peakHeap = Math.max(peakHeap, heapUsed);
  };
  sample();
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  const before = { process: process.cpuUsage(), thread: process.threadCpuUsage(), at: performance.now() };
  try {
    await run();
  } finally {
    clearInterval(timer);
  }
  sample();
  const cpuMs = msOf(process.threadCpuUsage(before.thread));
  return {
    wallMs: performance.now() - before.at,
    cpuMs,
    otherThreadsCpuMs: msOf(process.cpuUsage(before.process)) - cpuMs,
    peakRssMb: peakRss / BYTES_PER_MB,
    peakHeapMb: peakHeap / BYTES_PER_MB,
  };
}

function msOf({ user, system }: { readonly user: number; readonly system: number }): number {
  return (user + system) / MICROSECONDS_PER_MS;
}

/** Returns the mean of each figure, but the highest of each peak. */
export function meanUsage(usages: readonly StageUsage[]): StageUsage {
  const mean = (of: (usage: StageUsage) => number): number =>
    usages.reduce((sum, usage) => sum + of(usage), 0) / usages.length;
  return {
    wallMs: mean(({ wallMs }) => wallMs),
    cpuMs: mean(({ cpuMs }) => cpuMs),
    otherThreadsCpuMs: mean(({ otherThreadsCpuMs }) => otherThreadsCpuMs),
    peakRssMb: Math.max(...usages.map(({ peakRssMb }) => peakRssMb)),
    peakHeapMb: Math.max(...usages.map(({ peakHeapMb }) => peakHeapMb)),
  };
}
