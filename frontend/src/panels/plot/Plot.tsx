import "./plot.css";

import { forwardRef, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";

import { linear, ticks, type Scale } from "./scale";

export const WIDTH = 560;
export const HEIGHT = 300;
const EDGE = { left: 44, right: 12, top: 10, bottom: 38 };

export interface PlotPlace {
  x: Scale;
  y: Scale;
}

/** Axes and grid of a drawing; what it shows is drawn by `children` with the scales. One SVG, so that it can be saved. */
export const Plot = forwardRef<
  SVGSVGElement,
  {
    label: string;
    xDomain: readonly [number, number];
    yDomain: readonly [number, number];
    xLabel: string;
    yLabel?: string;
    tick: (value: number) => string;
    children: (place: PlotPlace) => ReactNode;
    onPoint?: (at: { x: number; y: number }, place: PlotPlace) => void;
    onPress?: (at: { x: number; y: number }, place: PlotPlace) => void;
    onLeave?: () => void;
    /** With it the drawing takes the keyboard's focus: for what the pointer does by presses. */
    onKey?: (event: KeyboardEvent<SVGSVGElement>, place: PlotPlace) => void;
    describedBy?: string;
  }
>(function Plot({ label, xDomain, yDomain, xLabel, yLabel, tick, children, onPoint, onPress, onLeave, onKey, describedBy }, ref) {
  const x = linear(xDomain, [EDGE.left, WIDTH - EDGE.right]);
  const y = linear(yDomain, [HEIGHT - EDGE.bottom, EDGE.top]);
  const at = (event: PointerEvent<SVGSVGElement> | React.MouseEvent<SVGSVGElement>) => {
    const frame = event.currentTarget.getBoundingClientRect();
    return {
      x: ((event.clientX - frame.left) / frame.width) * WIDTH,
      y: ((event.clientY - frame.top) / frame.height) * HEIGHT,
    };
  };
  return (
    <svg
      ref={ref}
      className="plot"
      data-clickable={onPress ? true : undefined}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role={onKey ? "application" : "img"}
      aria-label={label}
      aria-describedby={describedBy}
      tabIndex={onKey && 0}
      onKeyDown={onKey && ((event) => onKey(event, { x, y }))}
      onBlur={onKey && onLeave}
      onPointerMove={onPoint && ((event) => onPoint(at(event), { x, y }))}
      onClick={onPress && ((event) => onPress(at(event), { x, y }))}
      onPointerLeave={onLeave}
    >
      {ticks(xDomain).map((value) => (
        <g key={`x${value}`}>
          <line className="plot-grid" x1={x(value)} x2={x(value)} y1={EDGE.top} y2={HEIGHT - EDGE.bottom} />
          <text className="plot-tick" x={x(value)} y={HEIGHT - EDGE.bottom + 14} textAnchor="middle">
            {tick(value)}
          </text>
        </g>
      ))}
      {ticks(yDomain).map((value) => (
        <g key={`y${value}`}>
          <line className="plot-grid" x1={EDGE.left} x2={WIDTH - EDGE.right} y1={y(value)} y2={y(value)} />
          <text className="plot-tick" x={EDGE.left - 6} y={y(value) + 4} textAnchor="end">
            {tick(value)}
          </text>
        </g>
      ))}
      <text className="plot-label" x={(EDGE.left + WIDTH - EDGE.right) / 2} y={HEIGHT - 6} textAnchor="middle">
        {xLabel}
      </text>
      {yLabel && (
        <text className="plot-label" transform={`translate(12 ${(HEIGHT - EDGE.bottom) / 2}) rotate(-90)`} textAnchor="middle">
          {yLabel}
        </text>
      )}
      {children({ x, y })}
    </svg>
  );
});
