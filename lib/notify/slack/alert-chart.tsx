import { raw } from 'hono/html';
import type { RoomHistory } from '../../audit/read-room-history.ts';
import { dayLabel, layOutRoomChart, type RoomChart } from '../../chart/room-chart.ts';
import { RoomChartDrawing } from '../../chart/room-chart-drawing.tsx';
import type { Alert } from '../../domain/alert/alert.ts';
import { instantMs } from '../../domain/instant.ts';
import { countText, integerText } from '../../domain/text/number-text.ts';
import { visibleText } from '../../domain/text/visible-text.ts';
import { crossingDays } from '../../domain/trend/exhaustion.ts';
import { seriesText } from '../../domain/trend/series-text.ts';
import type { SeriesForecast } from '../../domain/trend/vpc-forecasts.ts';
import { ELLIPSIS } from './spans.ts';
import { agedText } from './time-text.ts';

/** A picture of how the room of an alert's subnet went and where it goes, as an SVG document, and what goes with it. */
export interface AlertChart {
  readonly svg: string;
  /** Of letters, digits, `-` and `.`. */
  readonly fileName: string;
  readonly title: string;
  /** What it shows, for those who do not see it. */
  readonly altText: string;
}

/** Slack shows a picture about 360 pixels wide: half of this, so that text is twice what it is to look like. */
const WIDTH = 720;
const HEIGHT = 500;
const MARGIN = 20;
const TITLE_SIZE = 28;
const TEXT_SIZE = 21;
const SOURCE_SIZE = 19;
const TITLE_Y = 44;
const WHERE_Y = 76;
const WHEN_Y = 112;
const LINE_HEIGHT = 32;
const CHART_GAP = 14;
const SOURCE_Y = HEIGHT - MARGIN;
const CHART_BOTTOM = SOURCE_Y - TEXT_SIZE - MARGIN / 2;
/** So many characters of usual text fit a line. */
const TITLE_LENGTH_MAX = 42;
const LINE_LENGTH_MAX = 64;
const NAME_LENGTH_MAX = 24;
const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 86_400_000;
const HOURS_PER_DAY = 24;

/** It has its own background, so that it reads the same whether Slack is light or dark. */
const STYLE = `
text { font-family: 'DejaVu Sans', sans-serif; font-stretch: condensed; fill: #161b26; }
.title { font-weight: 700; font-size: ${TITLE_SIZE}px; }
.line { font-size: ${TEXT_SIZE}px; }
.source { font-size: ${SOURCE_SIZE}px; }
.when { font-weight: 700; font-size: ${TEXT_SIZE}px; fill: #9c1c12; }
.line, .source, .chart-quiet { fill: #525d70; }
.chart-grid { stroke: #e3e7ee; stroke-width: 1.5; }
.chart-now { stroke: #8a94a6; stroke-width: 1.5; }
.chart-band { fill: #c9d8f0; }
.chart-middle { fill: none; stroke: #1a56b8; stroke-width: 3; stroke-dasharray: 8 5; }
.chart-seen { fill: none; stroke: #161b26; stroke-width: 3; stroke-linejoin: round; stroke-linecap: round; }
.chart-capacity { stroke: #8a94a6; stroke-width: 2; }
.chart-floor { fill: none; stroke: #c62f21; stroke-width: 2; stroke-dasharray: 4 4; }
.chart-runs-out path { fill: none; stroke: #9c1c12; stroke-width: 4; }
.chart-runs-out circle { fill: #9c1c12; }
`;

/** Draws the chart of an alert as of now. What names hold cannot break it: they are text, and what XML has no place for is shown. */
export function toAlertChart(alert: Alert, history: RoomHistory): AlertChart {
  const { subnetId, series } = history;
  const subnet = alert.where.subnets.find((each) => each.subnetId === subnetId);
  const what = series === 'addresses' ? 'Free addresses' : 'Free /28 blocks';
  const heading = cut(`${what} in ${drawable(subnet?.name ?? subnetId)}`, TITLE_LENGTH_MAX);
  const lines = [...roomLines(alert, history), whenText(history)];
  const source = sourceText(history);
  const altText = `Chart: ${heading}, ${[spanText(history), ...lines, source].join('. ')}.`;
  return {
    svg: documentOf({ heading, where: whereText(alert, history), lines, source, altText }, toRoomChart(history)),
    fileName: `${subnetId.replace(/[^A-Za-z0-9-]/g, '')}-${series}.png`,
    title: `${what} of ${cut(drawable(subnetId), NAME_LENGTH_MAX)}, ${dayLabel(history.fromDay)} to ${dayLabel(dayOf(history.readAtMs))}`,
    altText,
  };
}

interface ChartWords {
  readonly heading: string;
  readonly where: string;
  /** What runs out and when, a line each. */
  readonly lines: readonly string[];
  readonly source: string;
  readonly altText: string;
}

function documentOf({ heading, where, lines, source, altText }: ChartWords, chart: RoomChart): string {
  const chartY = WHEN_Y + (lines.length - 1) * LINE_HEIGHT + CHART_GAP;
  const frame = { width: WIDTH - 2 * MARGIN, height: CHART_BOTTOM - chartY, fontSize: TEXT_SIZE };
  const layout = layOutRoomChart(chart, frame);
  const picture = (
    <svg xmlns="http://www.w3.org/2000/svg" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT}>
      <title>{altText}</title>
      {/* Our own constant: escaped, its quotes would be lost. */}
      <style>{raw(STYLE)}</style>
      <rect width={WIDTH} height={HEIGHT} fill="#ffffff" />
      <text class="title" x={MARGIN} y={TITLE_Y}>
        {heading}
      </text>
      <text class="line" x={MARGIN} y={WHERE_Y}>
        {where}
      </text>
      {lines.map((line, index) => (
        <text class="when" x={MARGIN} y={WHEN_Y + index * LINE_HEIGHT}>
          {line}
        </text>
      ))}
      <g transform={`translate(${MARGIN} ${chartY})`}>
        <RoomChartDrawing layout={layout} />
      </g>
      <text class="source" x={MARGIN} y={SOURCE_Y}>
        {source}
      </text>
    </svg>
  );
  return `${picture.toString()}\n`;
}

function toRoomChart({ series, fromDay, readAtMs, hours, capacity, forecast }: RoomHistory): RoomChart {
  const base = { series, fromDay, nowMs: readAtMs, hours, capacity };
  if (forecast?.state !== 'forecast' || forecast.forecast.method === 'none') {
    return { ...base, floor: floorOf(forecast), expected: [], crossing: undefined };
  }
  const { firstDay, horizons, atFloor } = forecast.forecast;
  return {
    ...base,
    floor: atFloor.floor,
    expected: horizons.map(({ days, p10, p50, p90 }) => ({ day: firstDay + days - 1, p10, p50, p90 })),
    crossing: crossingDays(atFloor, firstDay),
  };
}

function floorOf(forecast: SeriesForecast | undefined): number | undefined {
  return forecast?.state === 'forecast' ? forecast.forecast.atFloor.floor : forecast?.floor;
}

/** Account and zone, and the id that people look it up by. */
function whereText({ where: { accountId, accountName, region, zones } }: Alert, { subnetId }: RoomHistory): string {
  const [zone] = zones.length === 1 ? zones : [];
  const parts = [
    subnetId,
    zone?.availabilityZone ?? region,
    accountName === undefined ? accountId : `${cut(drawable(accountName), NAME_LENGTH_MAX)} ${accountId}`,
  ];
  return cut(parts.flatMap((part) => (part === undefined ? [] : drawable(part))).join(' · '), LINE_LENGTH_MAX);
}

/** What of the subnet runs out first as of when, as the alert says. */
function roomLines({ what: { room } }: Alert, { subnetId }: RoomHistory): string[] {
  if (room?.subnetId !== subnetId) {
    return [];
  }
  const { series, freeCount, capacityCount, observedAt } = room;
  const ms = instantMs(observedAt);
  const time =
    ms === undefined ? '' : `, ${dayLabel(dayOf(ms))} ${new Date(ms).toISOString().slice(...CLOCK_TIME)} UTC`;
  const line = `${seriesText(series)} run out first: ${integerText(freeCount)} of ${integerText(capacityCount)} free${time}`;
  return [`${line.slice(0, 1).toUpperCase()}${line.slice(1)}`];
}

/** Where hours and minutes stand in `2026-11-23T07:00:00.000Z`. */
const CLOCK_TIME = [11, 16] as const;

/** When it runs out, with its interval, so short that it fits a line whatever the numbers are. */
function whenText({ forecast, series }: RoomHistory): string {
  if (forecast === undefined) {
    return 'No forecast yet';
  }
  if (forecast.state !== 'forecast') {
    return `Not expected to run out within ${countText(forecast.withinDays, 'day')}`;
  }
  const { method, atFloor, firstDay, dayCount } = forecast.forecast;
  if (method === 'none') {
    return `No forecast of ${seriesText(series)} yet: ${countText(dayCount, 'day')} of history`;
  }
  const { p10, p50, p90, censoredDay } = crossingDays(atFloor, firstDay);
  const until = dayLabel(censoredDay);
  const line =
    atFloor.floor > 0 ? `${integerText(atFloor.floor)} ${seriesText(series)} left` : `No ${seriesText(series)} left`;
  if (p10 === undefined) {
    return `${line}: not expected by ${until}`;
  }
  if (p50 === undefined) {
    return `${line}: not before ${dayLabel(p10)}, under 50 % by ${until}`;
  }
  const end = p90 === undefined ? `after ${until}` : dayLabel(p90);
  return `${line}: likely ${dayLabel(p50)}; 80 %: ${dayLabel(p10)} to ${end}`;
}

function sourceText({ observedAt, readAtMs, intervalMinutes }: RoomHistory): string {
  const every = intervalMinutes === undefined ? '' : `, read every ${integerText(intervalMinutes)} min`;
  return `EC2 as of ${agedText(observedAt, new Date(readAtMs).toISOString())}${every}`;
}

/** How much of it was seen, for those who do not see gaps. */
function spanText({ hours, fromDay, readAtMs }: RoomHistory): string {
  const first = hours[0]?.hour ?? fromDay * HOURS_PER_DAY;
  const spanHours = Math.floor(readAtMs / MS_PER_HOUR) - first + 1;
  const least = Math.min(...hours.map(({ free }) => free));
  const last = hours.at(-1)?.free;
  const missing = Math.max(0, spanHours - hours.length);
  const newest = last === undefined ? '' : `, ${integerText(last)} when last seen`;
  return `${countText(spanHours, 'hour')}, ${integerText(missing)} of them not seen: at least ${integerText(least)}${newest}`;
}

function dayOf(ms: number): number {
  return Math.floor(ms / MS_PER_DAY);
}

/** What XML has no place for at all, besides what `visibleText` shows. https://www.w3.org/TR/xml/#charsets */
const NOT_XML = /[\ufffe\uffff]/g;

function drawable(text: string): string {
  return visibleText(text).replace(NOT_XML, '\ufffd');
}

function cut(text: string, lengthMax: number): string {
  const characters = [...text];
  return characters.length <= lengthMax ? text : characters.slice(0, lengthMax - 1).join('') + ELLIPSIS;
}
