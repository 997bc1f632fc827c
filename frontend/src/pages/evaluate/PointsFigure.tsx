import { Text } from "@mantine/core";
import { useState, type ReactNode, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import type { PointsValues } from "../../api/figures";
import { useFormat } from "../../i18n/format";
import { Plot, type PlotPlace } from "../../panels/plot/Plot";
import { nearest } from "../../panels/plot/scale";
import { useCaseFilter } from "./caseFilter";

const REACH = 12;
const RADIUS = 2.6;

/** Points of girls (round) and boys (square), or their density with the furthest off as points. A press on a point
 * opens its case, on a cell of the density the list of its cases. */
export function PointsFigure({
  evaluation,
  values,
  drawing,
  plot,
  label,
  xLabel,
  yLabel,
  xDomain,
  yDomain,
  lines,
}: {
  evaluation: string;
  values: PointsValues;
  drawing: RefObject<SVGSVGElement | null>;
  plot: "scatter" | "bland_altman";
  label: string;
  xLabel: string;
  yLabel: string;
  xDomain: readonly [number, number];
  yDomain: readonly [number, number];
  lines: (place: PlotPlace) => ReactNode;
}) {
  const { t } = useTranslation("evaluate");
  const { number } = useFormat();
  const navigate = useNavigate();
  const { text, set } = useCaseFilter();
  const [hovered, setHovered] = useState(-1);
  const { points, density, cell_months: size } = values;
  const half = size / 2;

  const indexAt = (at: { x: number; y: number }, { x, y }: PlotPlace) =>
    nearest(points.x.map((months) => x(months / 12)), points.y.map((months) => y(months / 12)), at.x, at.y, REACH);

  function press(at: { x: number; y: number }, place: PlotPlace) {
    const index = indexAt(at, place);
    if (index >= 0) return void navigate(`/evaluate/${evaluation}/cases/${points.row[index]}?${text}`);
    const [x, y] = [place.x.invert(at.x) * 12, place.y.invert(at.y) * 12];
    const cell = density?.find(([cx, cy]) => Math.abs(cx - x) <= half && Math.abs(cy - y) <= half);
    if (!cell) return;
    set({
      view: "cases",
      plot,
      x_from_months: String(cell[0] - half),
      x_to_months: String(cell[0] + half),
      y_from_months: String(cell[1] - half),
      y_to_months: String(cell[1] + half),
    });
  }

  const most = density ? Math.max(...density.map(([, , n]) => n)) : 1;
  const path = (sex: number, { x, y }: PlotPlace) =>
    points.sex
      .map((one, i) => (one === sex ? marker(sex, x((points.x[i] ?? 0) / 12), y((points.y[i] ?? 0) / 12)) : ""))
      .join("");

  return (
    <>
      <Plot
        ref={drawing}
        label={label}
        xDomain={xDomain}
        yDomain={yDomain}
        xLabel={xLabel}
        yLabel={yLabel}
        tick={(value) => number(value, Number.isInteger(value) ? 0 : 1)}
        onPoint={(at, place) => setHovered(indexAt(at, place))}
        onLeave={() => setHovered(-1)}
        onPress={press}
      >
        {(place) => (
          <>
            {density?.map(([x, y, n]) => (
              <rect
                key={`${x} ${y}`}
                className="plot-density"
                x={place.x((x - half) / 12)}
                y={place.y((y + half) / 12)}
                width={place.x((x + half) / 12) - place.x((x - half) / 12)}
                height={place.y((y - half) / 12) - place.y((y + half) / 12)}
                fillOpacity={0.08 + 0.85 * (Math.log(n + 1) / Math.log(most + 1))}
              />
            ))}
            {lines(place)}
            <path className="plot-female plot-points" d={path(0, place)} />
            <path className="plot-male plot-points" d={path(1, place)} />
            {hovered >= 0 && (
              <circle
                className="plot-ring"
                cx={place.x((points.x[hovered] ?? 0) / 12)}
                cy={place.y((points.y[hovered] ?? 0) / 12)}
                r={6}
              />
            )}
          </>
        )}
      </Plot>
      <Text size="xs" c="dimmed" role="status">
        {hovered >= 0
          ? t("points.one", { x: number((points.x[hovered] ?? 0) / 12, 2), y: number((points.y[hovered] ?? 0) / 12, 2) })
          : density
            ? t("points.density", { shown: number(values.n), points: number(points.row.length) })
            : t("points.each", { shown: number(values.n) })}
      </Text>
    </>
  );
}

/** A circle for girls, a square for boys, as a piece of one path: thousands cost no more than a few. */
function marker(sex: number, x: number, y: number): string {
  const [a, b, r] = [x.toFixed(1), y.toFixed(1), RADIUS];
  if (sex === 0) return `M${a} ${b}m-${r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 -${2 * r} 0`;
  return `M${a} ${b}m-${r} -${r}h${2 * r}v${2 * r}h-${2 * r}z`;
}
