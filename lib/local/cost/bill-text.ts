import { renderTextTable } from '../text-table.ts';
import type { BillLine, MonthlyBill } from './monthly-bill.ts';
import { PRICES, PRICES_READ_ON } from './prices.ts';

/** What a fleet of 1,000 accounts with 4 regions each may cost. */
export const GOAL_USD = 60;
const COLUMNS = [
  { title: 'service', align: 'left', narrowed: 1 },
  { title: 'what', align: 'left', narrowed: 0 },
  { title: 'a month', align: 'right', narrowed: 2 },
  { title: 'USD', align: 'right', narrowed: 3 },
] as const;
const INDENT_WIDTH = 2;

/** Returns a bill as a table for a terminal. */
export function billText(bill: MonthlyBill): string {
  const { accounts, regions, clusters, atRiskRegions } = bill.shape;
  const table = (lines: readonly BillLine[]) =>
    renderTextTable(
      COLUMNS,
      lines.map((each) => ({ cells: billCells(each), details: [] })),
      INDENT_WIDTH,
    );
  return `${countText(accounts)} accounts with ${countText(regions)} regions each, ${countText(clusters)} clusters, ${countText(atRiskRegions)} regions at risk.
Prices of us-east-1 as read on ${PRICES_READ_ON}, without free tiers. docs/cost.md has their sources.

${table(bill.lines)}

In all: USD ${usdText(bill.totalUsd)} a month

What others charge for the requests it sends, where they are switched on:

${table(bill.sideEffects)}

What others would charge to watch the same addresses:

${table(bill.peers)}
`;
}

/** Returns the cells of a line: service, what, quantity, USD. */
export function billCells({ price, quantity, usd }: BillLine): readonly [string, string, string, string] {
  return [PRICES[price].service, PRICES[price].unit, countText(quantity), usdText(usd)];
}

export function usdText(usd: number): string {
  return usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

export function countText(count: number): string {
  return count.toLocaleString('en-US', { maximumSignificantDigits: 4 });
}
