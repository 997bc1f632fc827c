import { forwardRef } from "react";

import type { Interval } from "../../api/types";
import { linear, ticks } from "./scale";

export interface WhiskerRow {
  label: string;
  n: number;
  value: number | null;
  interval: Interval | null;
  look?: "female" | "male" | "both";
  few?: boolean;
}

const WIDTH = 560;
const LABEL = 214;
const COUNT = 58;
const LINE = 24;
const FOOT = 34;

/** One line a group: its value with the interval as a whisker; hollow and pale where there are few. */
export const Whiskers = forwardRef<
  SVGSVGElement,
  {
    rows: readonly WhiskerRow[];
    label: string;
    xLabel: string;
    tick: (value: number) => string;
    zero?: boolean;
    count: (n: number) => string;
  }
>(function Whiskers({ rows, label, xLabel, tick, zero = true, count }, ref) {
  const ends = rows.flatMap(({ value, interval }) => [value, ...(interval ?? [])]).filter((one) => one !== null);
  const low = Math.min(...(zero ? [0] : []), ...ends);
  const high = Math.max(...(zero ? [0] : []), ...ends);
  const room = (high - low || 1) * 0.05;
  const domain = [low < 0 || !zero ? low - room : 0, high + room] as const;
  const x = linear(domain, [LABEL, WIDTH - COUNT]);
  const height = rows.length * LINE + FOOT;
  return (
    <svg ref={ref} className="plot" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={label}>
      {ticks(domain).map((value) => (
        <g key={value}>
          <line className="plot-grid" x1={x(value)} x2={x(value)} y1={0} y2={height - FOOT + 4} />
          <text className="plot-tick" x={x(value)} y={height - FOOT + 16} textAnchor="middle">
            {tick(value)}
          </text>
        </g>
      ))}
      {domain[0] < 0 && <line className="plot-line" x1={x(0)} x2={x(0)} y1={0} y2={height - FOOT + 4} />}
      <text className="plot-label" x={(LABEL + WIDTH - COUNT) / 2} y={height - 4} textAnchor="middle">
        {xLabel}
      </text>
      {rows.map(({ label: name, n, value, interval, look = "both", few }, i) => {
        const y = i * LINE + LINE / 2;
        return (
          <g key={i} className={few ? "plot-few" : undefined}>
            <text className="plot-note" x={LABEL - 10} y={y + 4} textAnchor="end">
              {name}
            </text>
            <g className={`plot-${look}`}>
              {interval && <line x1={x(interval[0])} x2={x(interval[1])} y1={y} y2={y} strokeWidth={2} />}
              {value !== null && <circle cx={x(value)} cy={y} r={4.5} fillOpacity={few ? 0 : 1} />}
            </g>
            <text className="plot-tick" x={WIDTH - 6} y={y + 4} textAnchor="end">
              {count(n)}
            </text>
          </g>
        );
      })}
    </svg>
  );
});
