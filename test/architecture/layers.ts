/**
 * Who may import whom. A folder that is not named here may not exist; `test/architecture/boundaries.test.ts` enforces it.
 * Arrows point inward: functions, local → wiring → (api, dashboard, audit, collect …) → domain.
 */
export interface Layer {
  /** Folders it may import from, besides itself; or single files of them. */
  readonly folders: readonly string[];
  /** Packages it may import: exact names, or a prefix that ends with `*`. */
  readonly packages: readonly string[];
}

export const LAYERS: Readonly<Record<string, Layer>> = {
  events: { folders: ['lib/domain'], packages: ['zod', 'zod/mini'] },
  functions: { folders: ['events', 'lib/audit', 'lib/wiring'], packages: [] },
  'lib/domain': { folders: [], packages: [] },
  'lib/audit': { folders: ['lib/domain'], packages: ['p-limit'] },
  'lib/aws': {
    folders: ['lib/domain'],
    packages: ['@aws-sdk/*', '@smithy/*', 'node:timers/promises'],
  },
  // The ports it implements are the use cases' own.
  'lib/collect': { folders: ['lib/domain', 'lib/aws', 'lib/audit/ports.ts'], packages: ['@aws-sdk/client-*', 'yaml'] },
  // The ports that it implements are the use cases' own.
  'lib/store': {
    folders: [
      'lib/domain',
      'lib/audit/alert-ports.ts',
      'lib/audit/audit-trail-ports.ts',
      'lib/audit/compare-targets.ts',
      'lib/audit/coverage.ts',
      'lib/audit/fleet-columns.ts',
      'lib/audit/fleet-figures.ts',
      'lib/audit/fleet-history-ports.ts',
      'lib/audit/fleet-ports.ts',
      'lib/audit/fleet-shard.ts',
      'lib/audit/fleet.ts',
      'lib/audit/id-column.ts',
      'lib/audit/notification-ports.ts',
      'lib/audit/ports.ts',
      'lib/audit/slot.ts',
      'lib/audit/store-ports.ts',
      'lib/audit/tally-run.ts',
    ],
    packages: ['@aws-sdk/client-dynamodb', 'node:crypto', 'node:timers/promises', 'node:zlib'],
  },
  // What a page and a Slack message both draw.
  'lib/chart': { folders: ['lib/domain'], packages: ['hono/*'] },
  // The port that it keeps what it told behind is the use cases' own.
  'lib/notify': {
    folders: [
      'lib/domain',
      'lib/audit/alert-ports.ts',
      'lib/audit/delivery-report.ts',
      'lib/audit/notification-ports.ts',
      'lib/audit/publish-transitions.ts',
      'lib/audit/read-room-history.ts',
      'lib/chart',
    ],
    packages: ['@aws-sdk/client-eventbridge', '@aws-sdk/client-sns', 'hono/*', 'node:crypto', 'zod/mini'],
  },
  'lib/api': {
    folders: ['lib/domain', 'lib/audit'],
    packages: ['hono', 'hono/*', 'jose', 'node:crypto', 'node:util', 'node:zlib', 'zod', 'zod/mini'],
  },
  'lib/dashboard': {
    folders: ['lib/domain', 'lib/audit', 'lib/api', 'lib/chart'],
    packages: ['hono', 'hono/*', 'jose', 'node:crypto', 'zod/mini'],
  },
  'lib/settings': {
    folders: ['lib/domain', 'lib/audit/subscribers.ts'],
    packages: ['zod/mini', 'yaml', 'node:crypto'],
  },
  'lib/config': { folders: ['lib/domain'], packages: ['@aws-sdk/client-sts', 'zod/mini'] },
  'lib/wiring': {
    folders: [
      'lib/domain',
      'lib/api',
      'lib/audit',
      'lib/aws',
      'lib/collect',
      'lib/config',
      'lib/dashboard',
      'lib/notify',
      'lib/settings',
      'lib/store',
    ],
    packages: [
      '@aws-lambda-powertools/*',
      '@aws-sdk/*',
      '@middy/core',
      // What draws charts: it is imported when the first one is drawn.
      '@resvg/resvg-wasm',
      '@smithy/node-http-handler',
      'aws-lambda',
      'hono',
      'hono/aws-lambda',
      'jose',
      'node:crypto',
      'node:fs/promises',
      'node:module',
      // Logins of pages.
      'oauth4webapi',
      'p-limit',
      'zod/mini',
    ],
  },
  'lib/local': {
    folders: [
      // What the bus tells is documented by the code that it is told by.
      'events',
      // One machine runs the functions that Lambda runs.
      'functions',
      // What each function may do is documented by the table that its policy is made from.
      'infra/grants.ts',
      'lib/domain',
      'lib/audit',
      'lib/aws',
      'lib/collect',
      'lib/api',
      'lib/dashboard',
      'lib/config',
      'lib/notify',
      'lib/settings',
      'lib/store',
      'lib/wiring',
    ],
    packages: [
      'node:*',
      '@aws-sdk/*',
      '@smithy/*',
      '@hono/node-server',
      'aws-lambda',
      'dynalite',
      'hono',
      'hono/*',
      'wrap-ansi',
      'yaml',
      'zod',
    ],
  },
};
