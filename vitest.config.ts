import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    reporters: ['default', './test/reporters/skipped-tests.ts'],
    testTimeout: 30_000,
  },
});
