import { defineConfig } from 'vitest/config';
import { SkippedTestsReporter } from './test/reporters/skipped-tests.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    reporters: ['default', new SkippedTestsReporter()],
    testTimeout: 30_000,
    // One core less, as is the default, leaves one on small machines. Nothing here is timed.
    maxWorkers: '100%',
  },
});
