import { type AuditView, toAuditView } from '../api/audit-view.ts';
import { type AuditPorts, auditAccounts } from '../audit/audit-accounts.ts';
import type { Clock } from '../aws/clock.ts';
import { urgency } from '../domain/capacity/subnet-status.ts';
import type { AuditFlags } from './audit-flags.ts';
import { renderAuditTable } from './audit-table.ts';
import { isClosedPipe } from './closed-pipe.ts';
import { createProgressLine, type TerminalStream } from './progress-line.ts';

export const EXIT_CODE = { allSeen: 0, failOnReached: 1, notSeen: 2, badUsage: 64 } as const;

export interface Terminal {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: TerminalStream;
}

/** Runs one audit, prints it in the format asked for, and returns the exit code. */
export async function runAudit(
  flags: AuditFlags,
  ports: Omit<AuditPorts, 'onProgress'>,
  { terminal, clock, signal }: { readonly terminal: Terminal; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<number> {
  const progress = createProgressLine(terminal.stderr, clock);
  const { accounts, regions, requiredFacts } = flags;
  const result = await auditAccounts(
    { accounts, regions, requiredFacts },
    { ...ports, onProgress: progress.update },
    signal,
  );
  progress.clear();
  const view = toAuditView(result);
  await written(terminal.stdout, await rendered(view, flags.format));
  return exitCodeOf(view, flags.failOn);
}

async function rendered(view: AuditView, format: AuditFlags['format']): Promise<string> {
  switch (format) {
    case 'table':
      return renderAuditTable(view);
    case 'json':
      return `${JSON.stringify(view, undefined, 2)}\n`;
    case 'html': {
      // Loaded where it is asked for: the other formats start without the page's renderer.
      const { renderAuditPage } = await import('../dashboard/audit-page.tsx');
      return renderAuditPage(view);
    }
  }
}

/** Resolves when the text is handed over: a pipe may take it in parts, and exiting earlier would cut it. */
function written(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (cause) => {
      if (cause && !isClosedPipe(cause)) {
        reject(cause);
      } else {
        resolve();
      }
    });
  });
}

/** The worst answer wins: a subnet that is short of room, then something required that was not seen. */
export function exitCodeOf({ subnets, coverage }: AuditView, failOn: AuditFlags['failOn']): number {
  if (
    failOn !== undefined &&
    subnets.some(({ status }) => status !== 'unknown' && urgency(status) <= urgency(failOn))
  ) {
    return EXIT_CODE.failOnReached;
  }
  return coverage.isComplete ? EXIT_CODE.allSeen : EXIT_CODE.notSeen;
}
