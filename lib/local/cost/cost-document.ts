import { ASSUMPTIONS } from './assumptions.ts';
import { billCells, countText, GOAL_USD, usdText } from './bill-text.ts';
import { type FleetShape, measuredShape } from './fleet-work.ts';
import { type MeasuredUsage, readMeasuredUsage } from './measured-usage.ts';
import { type BillLine, monthlyBill } from './monthly-bill.ts';
import { PRICES, PRICES_READ_ON, type Price } from './prices.ts';

const ACCOUNTS = 1000;
const REGIONS = 4;
const BYTES_PER_KB = 1000;

/** Returns `docs/cost.md`: what the fleet of the goal costs, what drives it, and what the figures rest on. */
export function costDocument(): string {
  const measured = readMeasuredUsage();
  const full = measuredShape(ACCOUNTS, REGIONS, measured);
  const bill = monthlyBill(full, measured);
  return `# Cost

<!-- Made by "npm run generate" from lib/local/cost. -->

\`npm run cost -- --accounts 1000 --regions 4\` prints the bill of a fleet that is scanned every hour: \`--clusters\` and \`--at-risk\` say what
is in it, \`--format json\` is for programs. Prices are those of us-east-1 on demand, read on ${PRICES_READ_ON}, without free tiers and
discounts; usage is measured where one machine can, and assumed where it cannot. Nothing of it was compared with a real bill.

## ${countText(ACCOUNTS)} accounts with ${REGIONS} regions

The goal is USD ${GOAL_USD} a month for all of it. ${verdictText(bill.totalUsd)} where every region is as dense as the one that was
measured, with ${measured.region.vpcs} VPCs, ${measured.region.clusters} clusters, ${measured.region.subnets} subnets and ${measured.region.networkInterfaces} interfaces. A region without clusters takes next to nothing:

| regions with clusters | subnets | USD a month |
| --- | --- | --- |
${[1, 0.5, 0.25, 0.1, 0].map((share) => shareRow(full, share, measured)).join('\n')}

With clusters in every region:

${billTable(bill.lines)}
| | | **in all** | **${usdText(bill.totalUsd)}** |

What drives it: ${driversText(bill.lines)}.
Storage is that of a fleet that was watched for 13 months; before, it is less. Recovery is DynamoDB's own to any point of the last 35
days, of the whole table; AWS Backup is not used. Starts of functions and data that leaves AWS are not in it.

## What others charge for its requests

Each request is a management event in the account that it is sent to. The first trail has them for nothing, a second one and GuardDuty
do not:

${billTable(bill.sideEffects)}

## What others would charge to watch the same addresses

IPAM for each address of an interface, Config for each interface that comes and goes, and a metric for each subnet:

${billTable(bill.peers)}

## Measured

${measured.measuredOn}, by ${measured.source}.
Worked out, and not printed by any run: ${measured.workedOut}. The figures are in
\`lib/local/cost/measured-usage.json\`; after a change there \`npm run generate\` makes this page anew.

| of | measured |
| --- | --- |
${measuredRows(measured)}

## Assumed

| assumed | for |
| --- | --- |
${Object.values(ASSUMPTIONS)
  .map(({ value, why }) => `| ${countText(value)} | ${why} |`)
  .join('\n')}

## Prices

AWS draws most of its prices by a script, so they were read on the page that is named: AWS's own where the two are the same, otherwise
somebody else's, and as old as that is.

| service | USD | for | AWS's page | read |
| --- | --- | --- | --- | --- |
${Object.values(PRICES).map(priceRow).join('\n')}
`;
}

function verdictText(totalUsd: number): string {
  return totalUsd <= GOAL_USD ? `It is met: ${usdText(totalUsd)}` : `**It is missed**: ${usdText(totalUsd)}`;
}

function shareRow(full: FleetShape, share: number, measured: MeasuredUsage): string {
  const clusters = full.clusters * share;
  const { totalUsd } = monthlyBill({ ...full, clusters, atRiskRegions: full.atRiskRegions * share }, measured);
  const regions = full.accounts * full.regions * share;
  return `| ${countText(regions)} | ${countText(regions * measured.region.subnets)} | ${usdText(totalUsd)} |`;
}

function billTable(lines: readonly BillLine[]): string {
  const rows = lines.map((line) => `| ${billCells(line).join(' | ')} |`);
  return ['| service | what | a month | USD |', '| --- | --- | ---: | ---: |', ...rows].join('\n');
}

const DRIVERS_SHOWN = 4;

function driversText(lines: readonly BillLine[]): string {
  const dearest = lines.toSorted((a, b) => b.usd - a.usd).slice(0, DRIVERS_SHOWN);
  return dearest
    .map((line) => `${PRICES[line.price].service} ${PRICES[line.price].unit} (${usdText(line.usd)})`)
    .join(', ');
}

function measuredRows(measured: MeasuredUsage): string {
  const { scan, judgement, pulse, pulsedVpc, forecastOfDay, rollUp, kept, log } = measured;
  const kb = (bytes: number) => `${countText(bytes / BYTES_PER_KB)} KB`;
  const rows: readonly (readonly [string, string])[] = [
    [
      'a scan of a region with clusters, its judgements and its share of the fleet included',
      `${scan.awsRequests} requests to AWS, ${scan.writeUnits} write and ${scan.readUnits} read units, ${scan.cpuMs} ms of CPU time, ${scan.tableCallsInRow} requests to the table that wait for each other`,
    ],
    [
      'a judgement of a VPC',
      `${judgement.cpuMs} ms, ${judgement.tableCallsInRow} requests that wait for each other, ${judgement.alertReadUnits} read units of its alerts`,
    ],
    ['a pulse of a region', `${pulse.awsRequests} requests, ${pulse.cpuMs} ms`],
    [
      'a VPC of it, its judgement and its share of the fleet included',
      `${pulsedVpc.writeUnits} write and ${pulsedVpc.readUnits} read units`,
    ],
    ['a forecast of a VPC, once a day', `${forecastOfDay.readUnits} read units, ${forecastOfDay.cpuMs} ms`],
    [
      'a roll-up',
      `${rollUp.cpuMsOfScannedRegion} ms for each region that was scanned, ${rollUp.cpuMsOfPulsedRegion} that was pulsed, ${rollUp.readUnitsOfListedVpc} read units for each VPC there is`,
    ],
    [
      'what is kept of a region',
      `facts of a week ${kb(kept.factsInFullBytes)} for 13 months and of a day the same for 31 days, of an hour ${kb(kept.factsOfHourBytes)} for 31 days, series of a day ${kb(kept.seriesOfDayBytes)} for 90 days, their least of a month ${kb(kept.roomOfMonthBytes)} for 13 months, once ${kb(kept.otherBytes)}; a pulse of a VPC ${kb(kept.pulseOfVpcBytes)} for 30 days`,
    ],
    [
      'the log',
      `${log.bytesOfMessage} bytes a message, ${log.bytesOfBatch} a batch of them, ${log.bytesOfInvocation} an invocation, ${log.bytesOfMetrics} its metrics`,
    ],
  ];
  return rows.map(([of, what]) => `| ${of} | ${what} |`).join('\n');
}

function priceRow({ service, usd, per, unit, page, readAt }: Price): string {
  return `| ${service} | ${usd} | ${per === 1 ? '1' : countText(per)} ${unit} | ${page} | ${readAt} |`;
}
