import { raw } from 'hono/html';
import type { AuditView } from '../api/audit-view.ts';
import type { TrendView } from '../api/trend-view.ts';
import { AuditFooter } from './audit-footer.tsx';
import { AuditHeader } from './audit-header.tsx';
import { ClusterSection } from './cluster-section.tsx';
import { CoverageSection } from './coverage-section.tsx';
import { PAGE_STYLE } from './page-style.ts';
import { SessionBar, type SessionView } from './session-bar.tsx';
import { SubnetSection } from './subnet-section.tsx';

/** The page runs no script and loads nothing; its style is in the page. https://www.w3.org/TR/CSP3/#directive-default-src */
const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** What a page shows besides the audit. */
export interface AuditPageExtras {
  /** Sentences about the page itself. */
  readonly notices?: readonly string[];
  /** By subnet id; drawn where they are known. */
  readonly trends?: ReadonlyMap<string, TrendView>;
  /** Who is logged in; `undefined` where nobody has to. */
  readonly session?: SessionView | undefined;
}

/** Returns an audit as one HTML document that needs nothing else: what was not seen first, then clusters and subnets by urgency. */
export function renderAuditPage(view: AuditView, extras: AuditPageExtras = {}): string {
  return `<!doctype html>\n${(<AuditPage view={view} {...extras} />).toString()}\n`;
}

interface AuditPageProps extends AuditPageExtras {
  readonly view: AuditView;
}

function AuditPage({ view, notices = [], trends = new Map(), session }: AuditPageProps) {
  const { coverage, clusters, subnets } = view;
  // An audit that entered no account missed no required fact, and saw nothing all the same.
  const isComplete = coverage.isComplete && coverage.accounts.some(({ outcome }) => outcome === 'scanned');
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={CONTENT_SECURITY_POLICY} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>Elbowroom audit of {coverage.startedAt.slice(0, 'YYYY-MM-DD'.length)}</title>
        {/* Our own constant: escaped, its selectors would be lost. */}
        <style>{raw(PAGE_STYLE)}</style>
      </head>
      <body>
        {session !== undefined && <SessionBar session={session} />}
        <AuditHeader view={view} />
        <main>
          {notices.map((notice) => (
            <p class="hint">{notice}</p>
          ))}
          <CoverageSection coverage={coverage} />
          <ClusterSection clusters={clusters} subnets={subnets} isComplete={isComplete} />
          <SubnetSection subnets={subnets} trends={trends} isComplete={isComplete} />
        </main>
        <AuditFooter subnets={subnets} />
      </body>
    </html>
  );
}
