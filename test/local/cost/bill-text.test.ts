import { describe, expect, it } from 'vitest';
import { billText } from '../../../lib/local/cost/bill-text.ts';
import { measuredShape } from '../../../lib/local/cost/fleet-work.ts';
import { readMeasuredUsage } from '../../../lib/local/cost/measured-usage.ts';
import { monthlyBill } from '../../../lib/local/cost/monthly-bill.ts';

describe('a bill for a terminal', () => {
  it('says what fleet it is of, each line, the sum, and what others charge', () => {
    const measured = readMeasuredUsage();
    const bill = monthlyBill(measuredShape(1000, 4, measured), measured);
    const text = billText(bill);
    expect(text).toContain('1,000 accounts with 4 regions each, 8,000 clusters, 400 regions at risk.');
    expect(text).toContain(`In all: USD ${bill.totalUsd.toFixed(2)} a month`);
    for (const { usd } of [...bill.lines, ...bill.sideEffects, ...bill.peers]) {
      expect(text).toContain(usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 }));
    }
    expect(text.split('\n').every((line) => line.length <= 120)).toBe(true);
  });
});
