import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { anApiWorld } from './api-world.ts';

const Panel = z.looseObject({
  id: z.number(),
  title: z.string().min(1),
  gridPos: z.object({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1), h: z.int().min(1) }),
  targets: z.array(z.looseObject({ expr: z.string() })).min(1),
});
const Dashboard = z.looseObject({
  templating: z.looseObject({ list: z.array(z.looseObject({ name: z.string(), query: z.string() })) }),
  panels: z.array(Panel).min(1),
});

const { panels, templating } = Dashboard.parse(JSON.parse(readFileSync('docs/grafana-dashboard.json', 'utf8')));
const EXPRESSIONS = [
  ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ...templating.list.map(({ query }) => query),
];
const SERIES = /(elbowroom_\w+)(?:\{([^}]*)\})?/g;

/** The labels of each metric that /metrics prints. */
async function printedLabels(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { text } = await (await anApiWorld()).ask('/metrics');
  const labels = new Map<string, Set<string>>();
  for (const line of text.split('\n').filter((one) => one.startsWith('elbowroom_'))) {
    const [name = ''] = line.split(/[ {]/);
    const own = labels.get(name) ?? new Set();
    for (const [, label = ''] of line.matchAll(/[{,]([a-z]+)="/g)) {
      own.add(label);
    }
    labels.set(name, own);
  }
  return labels;
}

describe('the dashboard for Grafana', () => {
  it('asks for metrics and labels that /metrics prints', async () => {
    const printed = await printedLabels();
    const asked = EXPRESSIONS.flatMap((expression) => [...expression.matchAll(SERIES)]);
    expect(asked.length).toBeGreaterThan(panels.length);
    for (const [, name = '', selector = ''] of asked) {
      expect([...printed.keys()]).toContain(name);
      for (const [, label = ''] of selector.matchAll(/(\w+)(?:=~|!=|!~|=)/g)) {
        expect([...(printed.get(name) ?? [])], name).toContain(label);
      }
    }
  });

  it('shows every metric somewhere', async () => {
    const asked = EXPRESSIONS.flatMap((expression) => [...expression.matchAll(SERIES)].map(([, name]) => name));
    expect([...(await printedLabels()).keys()].filter((name) => !asked.includes(name))).toEqual([]);
  });

  it('has panels with names of their own, within the width of a row and on no other', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24);
  });
});
