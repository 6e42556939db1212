import type { Reporter, TestCase, TestModule } from 'vitest/node';

/**
 * Names every test that did not run, and fails the run where one belongs to a group that had to: a suite that skips what it
 * lacks the tools for is green without proving anything. `ELBOWROOM_REQUIRED_GROUPS` names the groups, separated by commas;
 * a test's group is the first word of its outermost `describe`.
 */
export class SkippedTestsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    const required = requiredGroups();
    const missing = skipped.filter((test) => required.has(groupOf(test)));
    const absent = [...required].filter((group) => !tests.some((test) => groupOf(test) === group));
    const lines = [
      ...skipped.map((test) => `skipped: ${test.module.relativeModuleId} > ${test.fullName}${noteOf(test)}`),
      ...missing.map((test) => `error: group "${groupOf(test)}" has to run here, but "${test.fullName}" was skipped`),
      ...absent.map((group) => `error: group "${group}" has to run here, but no test belongs to it`),
      `${countOf(tests, 'passed')} passed, ${countOf(tests, 'failed')} failed, ${skipped.length} skipped`,
    ];
    process.stdout.write(`\n${lines.join('\n')}\n`);
    if (missing.length + absent.length > 0) {
      process.exitCode = 1;
    }
  }
}

function requiredGroups(): ReadonlySet<string> {
  const groups = process.env['ELBOWROOM_REQUIRED_GROUPS'] ?? '';
  return new Set(groups.split(',').filter((group) => group !== ''));
}

function groupOf(test: TestCase): string {
  let outermost: TestCase['parent'] = test.parent;
  while (outermost.type === 'suite' && outermost.parent.type === 'suite') {
    outermost = outermost.parent;
  }
  return outermost.type === 'suite' ? (outermost.name.split(/[\s:,(]/)[0] ?? '') : '';
}

function noteOf(test: TestCase): string {
  const result = test.result();
  return result.state === 'skipped' && result.note !== undefined ? ` (${result.note})` : '';
}

function countOf(tests: readonly TestCase[], state: 'passed' | 'failed'): number {
  return tests.filter((test) => test.result().state === state).length;
}
