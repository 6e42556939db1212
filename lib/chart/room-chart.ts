import { integerText } from '../domain/text/number-text.ts';
import type { SeriesKind } from '../domain/trend/daily.ts';
import { utcDayText } from '../domain/utc-day.ts';

/** What is drawn of a subnet's room: what was free, what is expected to be, and the lines that both are read against. */
export interface RoomChart {
  readonly series: SeriesKind;
  /** The first day shown. Days are whole days since 1970, in UTC. */
  readonly fromDay: number;
  /** Milliseconds since 1970: what is right of it has not happened yet. */
  readonly nowMs: number;
  /** The least of each hour that was seen, by whole hours since 1970. An hour that was not seen is left out. */
  readonly hours: readonly { readonly hour: number; readonly free: number }[];
  /** Addresses or blocks that there are. */
  readonly capacity: number;
  /** At so many free it has run out; `undefined` where nothing was forecast. */
  readonly floor: number | undefined;
  /** What is free at the least on single days, in their order; empty where nothing was forecast. */
  readonly expected: readonly ExpectedRoom[];
  /** When the floor is reached; `undefined` where nothing is said of that. */
  readonly crossing: RoomCrossing | undefined;
}

export interface ExpectedRoom {
  readonly day: number;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/** Days by which 10, 50 and 90 % of what may happen reach the floor; `undefined`: on no day that something is said of. */
export interface RoomCrossing {
  readonly p10: number | undefined;
  readonly p50: number | undefined;
  readonly p90: number | undefined;
}

/** The surface that is drawn on, and the size of its text, in the same unit. */
export interface ChartFrame {
  readonly width: number;
  readonly height: number;
  readonly fontSize: number;
}

/** Where everything of a chart is: the origin is the upper left corner. Lines are paths of SVG. */
export interface RoomChartLayout extends ChartFrame {
  readonly plot: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  /** What the vertical axis counts, of how many. */
  readonly unit: string;
  readonly xTicks: readonly { readonly x: number; readonly label: string }[];
  readonly yTicks: readonly { readonly y: number; readonly label: string }[];
  readonly nowX: number;
  /** What was free, a piece for each stretch without a gap. */
  readonly seenPath: string;
  /** Between p10 and p90, and p50; `undefined` where nothing was forecast. */
  readonly bandPath: string | undefined;
  readonly middlePath: string | undefined;
  /** `undefined` where it is the axis itself, or nothing is known of one. */
  readonly floorY: number | undefined;
  /** `undefined` where it lies above what is shown. */
  readonly capacityY: number | undefined;
  readonly runsOut: RunsOutMark | undefined;
  readonly legend: readonly ChartKey[];
}

/** What a sign of the chart means: it begins at `x`, and its words stand on `y`. */
export interface ChartKey {
  readonly sign: 'seen' | 'band' | 'middle' | 'floor' | 'runs-out';
  readonly x: number;
  readonly y: number;
  readonly label: string;
}

/** Where the floor is reached: from p10 to p90, with a mark at p50. */
export interface RunsOutMark {
  readonly y: number;
  readonly fromX: number;
  readonly toX: number;
  /** Whether p90 is later than what is shown. */
  readonly isOpenEnded: boolean;
  readonly mostLikelyX: number | undefined;
}

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 86_400_000;
/** A point stands for the least of so many hours, which is what can be told apart at this width. */
const HOURS_PER_POINT = 6;
/** The future takes as many days as it needs to show when it runs out, and no fewer or more than these. */
const FUTURE_DAYS_MIN = 14;
const FUTURE_DAYS_MAX = 60;
/** Without a forecast there is nothing to show but where the past ends. */
const FUTURE_DAYS_BARE = 1;
/** Days shown after the last one that matters. */
const FUTURE_DAYS_AFTER = 3;
/** The axis reaches up to all there is where that presses what was free down by no more than this. */
const CAPACITY_SHARE_MIN = 0.75;
/** Otherwise what is highest stays below the edge. */
const HEADROOM_FACTOR = 1.1;
const Y_STEPS = 4;
const X_STEPS_DAYS = [1, 2, 7, 14, 28] as const;
/** Widths in the size of the text: a digit of the labels, a day's label, and the space beside them. */
const DIGIT_EM = 0.62;
const DAY_LABEL_EM = 4.5;
const GAP_EM = 0.5;
/** The names above, a line of text, a row of the legend below, a sign in it, the space beside its words, and a character of them. */
const HEAD_EM = 1.7;
const LINE_EM = 1.5;
const LEGEND_ROW_EM = 1.5;
const LEGEND_ROWS = 2;
const DESCENT_EM = 0.35;
export const LEGEND_SIGN_EM = 1.4;
const LEGEND_GAP_EM = 1;
const CHARACTER_EM = 0.6;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Places a chart in a frame. What would be free below zero is drawn at zero: nothing more can be used up. */
export function layOutRoomChart(chart: RoomChart, frame: ChartFrame): RoomChartLayout {
  const endDay = endDayOf(chart);
  const expected = expectedUntil(chart.expected, endDay);
  const { ticks, top } = yAxisOf(chart, expected);
  const em = frame.fontSize;
  const labelDigits = integerText(ticks.at(-1) ?? 0).length;
  const plot = {
    left: rounded(labelDigits * DIGIT_EM * em + GAP_EM * em),
    right: frame.width - 1,
    top: rounded(HEAD_EM * em),
    bottom: rounded(frame.height - (LINE_EM + LEGEND_ROWS * LEGEND_ROW_EM) * em),
  };
  const x = scale([chart.fromDay * MS_PER_DAY, (endDay + 1) * MS_PER_DAY], [plot.left, plot.right]);
  const y = scale([0, top], [plot.bottom, plot.top]);
  const scales: Scales = { x, y, xOfDay: (day) => x(Math.max(chart.nowMs, (day + HALF) * MS_PER_DAY)) };
  const runsOut = runsOutOf(chart, endDay, scales);
  return {
    ...frame,
    plot,
    unit: `${chart.series === 'addresses' ? 'free addresses' : 'free /28 blocks'} of ${integerText(chart.capacity)}`,
    xTicks: xTicksOf(chart, endDay, plot, em).map((day) => ({ x: x(day * MS_PER_DAY), label: dayLabel(day) })),
    yTicks: ticks.map((count) => ({ y: y(count), label: integerText(count) })),
    nowX: x(chart.nowMs),
    seenPath: seenPathOf(chart, scales),
    bandPath: expected.length === 0 ? undefined : bandPathOf(expected, scales),
    middlePath:
      expected.length === 0 ? undefined : lineThrough(expected.map(({ day, p50 }) => pointAt(scales, day, p50))),
    floorY: chart.floor === undefined || chart.floor <= 0 ? undefined : y(chart.floor),
    capacityY: chart.capacity <= top ? y(chart.capacity) : undefined,
    runsOut,
    legend: legendOf(chart, runsOut !== undefined, frame),
  };
}

/** Returns a day as a label: `23 Nov`. */
export function dayLabel(day: number): string {
  const [, month, date] = utcDayText(day).split('-');
  return `${Number(date)} ${MONTHS[Number(month) - 1]}`;
}

interface Scales {
  readonly x: (ms: number) => number;
  readonly y: (count: number) => number;
  /** The middle of a day that is forecast, or now where that is later. */
  readonly xOfDay: (day: number) => number;
}

const HALF = 0.5;

function endDayOf({ nowMs, crossing, expected }: RoomChart): number {
  const today = Math.floor(nowMs / MS_PER_DAY);
  const told = expected.at(-1)?.day;
  if (told === undefined) {
    return today + FUTURE_DAYS_BARE;
  }
  const wanted = (crossing?.p90 ?? crossing?.p50 ?? crossing?.p10 ?? today) + FUTURE_DAYS_AFTER;
  const shown = Math.min(today + FUTURE_DAYS_MAX, Math.max(today + FUTURE_DAYS_MIN, wanted));
  return Math.max(today + FUTURE_DAYS_BARE, Math.min(told + FUTURE_DAYS_BARE, shown));
}

/** What is expected of the days shown; of the last one by the straight line between the days around it. */
function expectedUntil(expected: readonly ExpectedRoom[], endDay: number): readonly ExpectedRoom[] {
  const shown = expected.filter(({ day }) => day <= endDay);
  const before = shown.at(-1);
  const after = expected[shown.length];
  if (before === undefined || after === undefined || before.day === endDay) {
    return shown;
  }
  const share = (endDay - before.day) / (after.day - before.day);
  const between = (a: number, b: number) => a + share * (b - a);
  return [
    ...shown,
    {
      day: endDay,
      p10: between(before.p10, after.p10),
      p50: between(before.p50, after.p50),
      p90: between(before.p90, after.p90),
    },
  ];
}

/** Counts are whole, and so are the steps between them: 1, 2 or 5 times a power of ten. */
function yAxisOf(
  { hours, capacity, floor }: RoomChart,
  expected: readonly ExpectedRoom[],
): { readonly ticks: readonly number[]; readonly top: number } {
  const counts = [...hours.map(({ free }) => free), ...expected.map(({ p90 }) => p90)];
  // Where nothing was forecast nothing has to be shown of a floor.
  const most = Math.max(1, floor ?? 1, ...counts);
  const top = most < CAPACITY_SHARE_MIN * capacity ? most * HEADROOM_FACTOR : Math.max(most, capacity);
  const step = stepOf(top / Y_STEPS);
  return { ticks: Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step), top };
}

function stepOf(wanted: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(wanted)));
  const factor = [1, 2, 5].find((each) => each * power >= wanted) ?? 10;
  return factor * power;
}

/** Days around today, as many as can be read; none whose label would reach over the edge. */
function xTicksOf(chart: RoomChart, endDay: number, plot: RoomChartLayout['plot'], em: number): readonly number[] {
  const today = Math.floor(chart.nowMs / MS_PER_DAY);
  const dayCount = endDay + 1 - chart.fromDay;
  const width = plot.right - plot.left;
  const daysPerLabel = (dayCount * DAY_LABEL_EM * em) / width;
  const step = X_STEPS_DAYS.find((days) => days >= daysPerLabel) ?? Math.ceil(daysPerLabel);
  const halfLabelDays = daysPerLabel / 2;
  const days: number[] = [];
  for (let day = chart.fromDay + ((today - chart.fromDay) % step); day + halfLabelDays <= endDay + 1; day += step) {
    days.push(day);
  }
  // A label may reach below the labels of the other axis, and no further.
  return days.filter((day) => ((day - chart.fromDay) / dayCount) * width + plot.left >= (DAY_LABEL_EM / 2) * em);
}

/** A new piece begins after each gap. */
function seenPathOf({ hours, nowMs }: RoomChart, { x, y }: Scales): string {
  const least = new Map<number, number>();
  for (const { hour, free } of hours) {
    const point = Math.floor(hour / HOURS_PER_POINT);
    least.set(point, Math.min(free, least.get(point) ?? free));
  }
  let path = '';
  for (const [point, free] of least) {
    const at = `${x(Math.min(nowMs, (point + HALF) * HOURS_PER_POINT * MS_PER_HOUR))} ${y(free)}`;
    // A piece of one point is drawn as well: round ends make it a dot.
    path += least.has(point - 1) ? `L${at}` : `M${at}h0`;
  }
  return path;
}

function bandPathOf(expected: readonly ExpectedRoom[], scales: Scales): string {
  const upper = expected.map(({ day, p90 }) => pointAt(scales, day, p90));
  const lower = expected.map(({ day, p10 }) => pointAt(scales, day, p10)).reverse();
  return `${lineThrough([...upper, ...lower])}Z`;
}

function lineThrough(points: readonly string[]): string {
  return `M${points.join('L')}`;
}

function pointAt({ xOfDay, y }: Scales, day: number, count: number): string {
  return `${xOfDay(day)} ${y(count)}`;
}

function runsOutOf({ crossing, floor }: RoomChart, endDay: number, { xOfDay, x, y }: Scales): RunsOutMark | undefined {
  if (crossing?.p10 === undefined || floor === undefined || crossing.p10 > endDay) {
    return undefined;
  }
  const { p10, p50, p90 } = crossing;
  const isShown = (day: number | undefined): day is number => day !== undefined && day <= endDay;
  return {
    y: y(floor),
    fromX: xOfDay(p10),
    toX: isShown(p90) ? xOfDay(p90) : x((endDay + 1) * MS_PER_DAY),
    isOpenEnded: !isShown(p90),
    mostLikelyX: isShown(p50) ? xOfDay(p50) : undefined,
  };
}

type Key = Pick<ChartKey, 'sign' | 'label'>;

function legendOf(
  { expected, floor }: RoomChart,
  isCrossing: boolean,
  { height, fontSize: em }: ChartFrame,
): readonly ChartKey[] {
  const seen: Key = { sign: 'seen', label: `least of ${HOURS_PER_POINT} h` };
  const forecast: readonly Key[] = [
    { sign: 'middle', label: 'expected, by day' },
    { sign: 'band', label: '80 %' },
  ];
  const rows: readonly (readonly Key[])[] = [
    [seen, ...(expected.length === 0 ? [] : forecast)],
    [
      ...(floor === undefined || floor <= 0
        ? []
        : [{ sign: 'floor', label: `must stay free: ${integerText(floor)}` } as const]),
      ...(isCrossing ? [{ sign: 'runs-out', label: 'runs out, 80 %' } as const] : []),
    ],
  ];
  return rows.flatMap((keys, row) =>
    inRow(keys, rounded(height - ((LEGEND_ROWS - 1 - row) * LEGEND_ROW_EM + DESCENT_EM) * em), em),
  );
}

/** Widths of words are guessed, for a wide font: nothing here knows which one it is. */
function inRow(keys: readonly Key[], y: number, em: number): readonly ChartKey[] {
  let x = 0;
  return keys.map((key) => {
    const placed = { ...key, x: rounded(x), y };
    x += (LEGEND_SIGN_EM + LEGEND_GAP_EM + key.label.length * CHARACTER_EM) * em;
    return placed;
  });
}

/** Maps what lies between two values to what lies between two others; what lies outside, to the nearer of these. */
function scale(
  [from, to]: readonly [number, number],
  [start, end]: readonly [number, number],
): (value: number) => number {
  return (value) => {
    const share = Math.min(1, Math.max(0, (value - from) / (to - from)));
    return rounded(start + share * (end - start));
  };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
