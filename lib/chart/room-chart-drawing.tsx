import { type ChartKey, LEGEND_SIGN_EM, type RoomChartLayout, type RunsOutMark } from './room-chart.ts';

/** Sizes in that of the text. */
const LABEL_GAP_EM = 0.35;
const BASELINE_EM = 0.35;
const TICK_LABEL_EM = 1.25;
const DOT_EM = 0.32;
const CAP_EM = 0.28;
const BAND_KEY_EM = 0.75;

/**
 * Draws a chart as the inside of an SVG element. It has classes and no colours, so that a page and a picture can each give their
 * own: `chart-text`, `chart-quiet`, `chart-grid`, `chart-now`, `chart-band`, `chart-middle`, `chart-seen`, `chart-floor`,
 * `chart-capacity`, `chart-runs-out`.
 */
export function RoomChartDrawing({ layout }: { readonly layout: RoomChartLayout }) {
  const { plot, fontSize, nowX, floorY, capacityY } = layout;
  return (
    <g class="chart-text" font-size={fontSize}>
      {layout.yTicks.map(({ y, label }) => (
        <>
          <line class="chart-grid" x1={plot.left} x2={plot.right} y1={y} y2={y} />
          <text
            class="chart-quiet"
            x={rounded(plot.left - LABEL_GAP_EM * fontSize)}
            y={rounded(y + BASELINE_EM * fontSize)}
            text-anchor="end"
          >
            {label}
          </text>
        </>
      ))}
      {layout.xTicks.map(({ x, label }) => (
        <>
          <line class="chart-grid" x1={x} x2={x} y1={plot.bottom} y2={rounded(plot.bottom + LABEL_GAP_EM * fontSize)} />
          <text class="chart-quiet" x={x} y={rounded(plot.bottom + TICK_LABEL_EM * fontSize)} text-anchor="middle">
            {label}
          </text>
        </>
      ))}
      <text class="chart-quiet" x={0} y={fontSize}>
        {layout.unit}
      </text>
      <text class="chart-quiet" x={nowX} y={fontSize} text-anchor="middle">
        now
      </text>
      {layout.bandPath !== undefined && <path class="chart-band" d={layout.bandPath} />}
      {layout.middlePath !== undefined && <path class="chart-middle" d={layout.middlePath} />}
      <line class="chart-now" x1={nowX} x2={nowX} y1={plot.top} y2={plot.bottom} />
      {capacityY !== undefined && (
        <line class="chart-capacity" x1={plot.left} x2={plot.right} y1={capacityY} y2={capacityY} />
      )}
      {floorY !== undefined && <line class="chart-floor" x1={plot.left} x2={plot.right} y1={floorY} y2={floorY} />}
      <path class="chart-seen" d={layout.seenPath} />
      {layout.runsOut !== undefined && <RunsOut mark={layout.runsOut} fontSize={fontSize} />}
      {layout.legend.map((key) => (
        <LegendKey of={key} fontSize={fontSize} />
      ))}
    </g>
  );
}

interface LegendKeyProps {
  readonly of: ChartKey;
  readonly fontSize: number;
}

function LegendKey({ of: { sign, x, y, label }, fontSize }: LegendKeyProps) {
  const width = LEGEND_SIGN_EM * fontSize;
  const middle = rounded(y - BASELINE_EM * fontSize);
  const toX = rounded(x + width);
  return (
    <>
      {sign === 'band' && (
        <rect
          class="chart-band"
          x={x}
          y={rounded(y - fontSize * BAND_KEY_EM)}
          width={width}
          height={fontSize * BAND_KEY_EM}
        />
      )}
      {(sign === 'seen' || sign === 'middle' || sign === 'floor') && (
        <path class={`chart-${sign}`} d={`M${x} ${middle}H${toX}`} />
      )}
      {sign === 'runs-out' && (
        <RunsOut
          mark={{ y: middle, fromX: x, toX, isOpenEnded: false, mostLikelyX: rounded(x + width / 2) }}
          fontSize={fontSize}
        />
      )}
      <text class="chart-quiet" x={rounded(toX + LABEL_GAP_EM * fontSize)} y={y}>
        {label}
      </text>
    </>
  );
}

function RunsOut({ mark, fontSize }: { readonly mark: RunsOutMark; readonly fontSize: number }) {
  const { y, fromX, toX, isOpenEnded, mostLikelyX } = mark;
  const cap = rounded(CAP_EM * fontSize);
  return (
    <g class="chart-runs-out">
      <path
        d={`M${fromX} ${rounded(y - cap)}v${2 * cap}M${fromX} ${y}H${toX}${isOpenEnded ? arrowHead(cap) : stop(cap)}`}
      />
      {mostLikelyX !== undefined && <circle cx={mostLikelyX} cy={y} r={rounded(DOT_EM * fontSize)} />}
    </g>
  );
}

function stop(cap: number): string {
  return `m0 ${-cap}v${2 * cap}`;
}

function arrowHead(cap: number): string {
  return `m${-cap} ${-cap}l${cap} ${cap}l${-cap} ${cap}`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
