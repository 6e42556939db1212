import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderAuditPage } from '../../lib/dashboard/audit-page.tsx';
import { STATUSES } from '../../lib/domain/capacity/subnet-status.ts';
import { CHROMIUM_NOTE, hasChromium, launchChromium } from '../helpers/chromium.ts';
import { variedAuditView } from '../helpers/varied-audit-view.ts';

const START_MS = 60_000;
/** https://www.w3.org/TR/WCAG22/#contrast-minimum */
const CONTRAST_LEAST = 4.5;

const CONTRAST_SELECTORS = [
  ...STATUSES.map((status) => `.badge-${status}`),
  ...['body', 'a', '.id', '.absent', '.note', '.hint', '.summary-facts', '.gap', '.verdict', 'thead th', 'footer li'],
];

type Scheme = 'light' | 'dark';

interface Overflow {
  readonly pageWidth: number;
  readonly overflowing: readonly string[];
}

/** How wide the page is, and the texts of boxes whose content is wider than they are. A scroller is meant to be. */
const OVERFLOW_SCRIPT = `({
  pageWidth: document.documentElement.scrollWidth,
  overflowing: [...document.querySelectorAll('td, th, dd, dt, li, p, h2, h3, article, section')]
    .filter((box) => box.clientWidth > 0 && box.scrollWidth > box.clientWidth + 1 && box.closest('.unseen') === null)
    .map((box) => box.textContent.slice(0, 60)),
})`;

/** For every selector the contrast of each element's text with the first painted background behind it, the least one. */
function contrastScript(selectors: readonly string[]): string {
  return `(() => {
    const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const linear = (byte) => { const c = byte / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
    const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const backgroundOf = (element) => {
      for (let at = element; at !== null; at = at.parentElement) {
        const painted = channels(getComputedStyle(at).backgroundColor);
        if (painted.length === 3 || painted[3] === 1) return painted;
        if (painted[3] !== 0) throw new Error('A translucent background has no contrast of its own');
      }
      throw new Error('No background is painted');
    };
    const contrast = (element) => {
      const pair = [luminance(channels(getComputedStyle(element).color)), luminance(backgroundOf(element))];
      return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    };
    return ${JSON.stringify(selectors)}.map((selector) => {
      const elements = [...document.querySelectorAll(selector)];
      return [selector, elements.length === 0 ? 0 : Math.min(...elements.map(contrast))];
    });
  })()`;
}

describe.skipIf(!hasChromium())(`browser: the audit page (${CHROMIUM_NOTE})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'elbowroom-page-'));
  const url = pathToFileURL(join(folder, 'audit.html')).href;
  let browser: Browser;

  beforeAll(async () => {
    writeFileSync(join(folder, 'audit.html'), renderAuditPage(variedAuditView()));
    browser = await launchChromium();
  }, START_MS);

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function onPage<T>(width: number, colorScheme: Scheme, use: (page: Page) => Promise<T>): Promise<T> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    try {
      await page.goto(url);
      return await use(page);
    } finally {
      await page.close();
    }
  }

  it('makes no request but its own and writes nothing to the console', async () => {
    const page = await browser.newPage();
    const requests: string[] = [];
    const messages: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => messages.push(message.text()));
    page.on('pageerror', (error) => messages.push(error.message));
    await page.goto(url, { waitUntil: 'load' });
    expect(requests).toEqual([url]);
    expect(messages).toEqual([]);
    await page.close();
  });

  it.each([360, 390, 768, 1024, 1080, 1440, 1600])(
    'keeps the page and every cell within %d pixels, folded or open',
    async (width) => {
      const [folded, open] = await onPage(width, 'light', async (page) => {
        const before = await page.evaluate<Overflow>(OVERFLOW_SCRIPT);
        await page.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
        return [before, await page.evaluate<Overflow>(OVERFLOW_SCRIPT)];
      });
      expect(folded).toEqual({ pageWidth: width, overflowing: [] });
      expect(open).toEqual({ pageWidth: width, overflowing: [] });
    },
  );

  it.each([
    ['screen', 'light'],
    ['screen', 'dark'],
    ['print', 'dark'],
  ] as const)('has a contrast of 4.5 in badges and quiet text on %s in the %s scheme', async (media, scheme) => {
    const contrasts = await onPage(1440, scheme, async (page) => {
      await page.emulateMedia({ media });
      return page.evaluate<[string, number][]>(contrastScript(CONTRAST_SELECTORS));
    });
    expect(contrasts.filter(([, contrast]) => contrast < CONTRAST_LEAST)).toEqual([]);
    expect(contrasts).toHaveLength(CONTRAST_SELECTORS.length);
  });

  it('paints unknown unlike healthy in both schemes', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      const [unknown, healthy] = await onPage(1440, scheme, (page) =>
        page.evaluate<string[]>(
          '["unknown", "healthy"].map((status) => { const style = getComputedStyle(document.querySelector(".badge-" + status)); return [style.color, style.backgroundColor, style.borderStyle].join(); })',
        ),
      );
      expect(unknown).not.toBe(healthy);
      expect(unknown).toContain('dashed');
      expect(healthy).toContain('solid');
    }
  });

  it('keeps a name of 300 characters to three lines', async () => {
    const heights = await onPage(360, 'light', (page) =>
      page.evaluate<number[]>(
        '[...document.querySelectorAll(".name")].map((name) => name.getBoundingClientRect().height)',
      ),
    );
    expect(heights.length).toBeGreaterThan(0);
    expect(Math.max(...heights)).toBeLessThan(80);
  });

  it('leads from a cluster to its binding subnet', async () => {
    const top = await onPage(1440, 'light', async (page) => {
      await page.click('.binding a[href="#subnet-subnet-0e1"]');
      return page.evaluate<number>('document.querySelector("#subnet-subnet-0e1").getBoundingClientRect().top');
    });
    expect(top).toBeGreaterThanOrEqual(0);
    expect(top).toBeLessThan(900);
  });
});
