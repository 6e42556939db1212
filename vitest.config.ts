import { defineConfig } from 'vitest/config';
import { SkippedTestsReporter } from './test/reporters/skipped-tests.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    reporters: ['default', new SkippedTestsReporter()],
    testTimeout: 30_000,
  },
});
