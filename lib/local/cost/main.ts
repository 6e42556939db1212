import { EXIT_CODE } from '../audit-command.ts';
import { billText } from './bill-text.ts';
import { COST_USAGE, parseCostFlags } from './cost-flags.ts';
import { readMeasuredUsage } from './measured-usage.ts';
import { monthlyBill } from './monthly-bill.ts';

const measured = readMeasuredUsage();
const flags = parseCostFlags(process.argv.slice(2), measured);
if (!flags.ok) {
  process.stderr.write(`${flags.error}\nSee "npm run cost -- --help"\n`);
  process.exitCode = EXIT_CODE.badUsage;
} else if (flags.value === 'help') {
  process.stdout.write(COST_USAGE);
} else {
  const bill = monthlyBill(flags.value.shape, measured);
  process.stdout.write(flags.value.format === 'json' ? `${JSON.stringify(bill, undefined, 2)}\n` : billText(bill));
}
