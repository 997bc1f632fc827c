import { Text } from "@mantine/core";
import { useId, useMemo, useState, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import type { PointsValues } from "../../api/figures";
import { useFormat } from "../../i18n/format";
import { Plot, type PlotPlace } from "../../panels/plot/Plot";
import { nearest } from "../../panels/plot/scale";
import { cameFrom, casePath, RECTANGLE, useCaseFilter } from "./caseFilter";

const REACH = 12;
const RADIUS = 2.6;

/** Points of girls (round) and boys (square), or their density with the furthest off as points. A press on a point
 * opens its case, on a cell of the density the list of its cases; by keyboard, arrows walk through them and Enter presses. */
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
  const { address, set } = useCaseFilter();
  const statusId = useId();
  const [hovered, setHovered] = useState(-1);
  const { points, density, cell_months: size } = values;
  const half = size / 2;
  const stops = useMemo(() => stopsOf(values), [values]);
  const [stop, setStop] = useState(-1);
  const here = stops[stop];

  const indexAt = (at: { x: number; y: number }, { x, y }: PlotPlace) =>
    nearest(points.x.map((months) => x(months / 12)), points.y.map((months) => y(months / 12)), at.x, at.y, REACH);

  function openCase(index: number) {
    const row = points.row[index];
    if (row === undefined) return;
    const all = new URLSearchParams(address);
    for (const name of RECTANGLE) all.delete(name); // the point need not lie in a cell that was opened before
    void navigate(casePath(evaluation, row, all));
  }
  const openCell = ([x, y]: readonly [number, number, number]) =>
    set({
      view: "cases",
      plot,
      x_from_months: String(x - half),
      x_to_months: String(x + half),
      y_from_months: String(y - half),
      y_to_months: String(y + half),
    });

  function press(at: { x: number; y: number }, place: PlotPlace) {
    const index = indexAt(at, place);
    if (index >= 0) return openCase(index);
    const [x, y] = [place.x.invert(at.x) * 12, place.y.invert(at.y) * 12];
    const cell = density?.find(([cx, cy]) => Math.abs(cx - x) <= half && Math.abs(cy - y) <= half);
    if (cell) openCell(cell);
  }

  function onKey(event: KeyboardEvent) {
    const to = nextStop(event.key, stop, stops.length);
    if (to !== null) setStop(to);
    else if (event.key === "Enter" && here) here.cell ? openCell(here.cell) : openCase(here.point);
    else return;
    event.preventDefault();
  }

  const back = cameFrom(address);
  const marked = here && !here.cell ? here.point : hovered;
  const ringed = marked >= 0 || back === null ? marked : points.row.indexOf(back);
  const years = (months: number | undefined) => number((months ?? 0) / 12, 2);
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
        onLeave={() => {
          setHovered(-1);
          setStop(-1);
        }}
        onPress={press}
        onKey={onKey}
        describedBy={statusId}
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
            {here?.cell && (
              <rect
                className="plot-ring"
                x={place.x((here.cell[0] - half) / 12)}
                y={place.y((here.cell[1] + half) / 12)}
                width={place.x((here.cell[0] + half) / 12) - place.x((here.cell[0] - half) / 12)}
                height={place.y((here.cell[1] - half) / 12) - place.y((here.cell[1] + half) / 12)}
              />
            )}
            {ringed >= 0 && (
              <circle
                className="plot-ring"
                cx={place.x((points.x[ringed] ?? 0) / 12)}
                cy={place.y((points.y[ringed] ?? 0) / 12)}
                r={6}
              />
            )}
          </>
        )}
      </Plot>
      <Text size="xs" c="dimmed" role="status" id={statusId}>
        {here?.cell
          ? t("points.cell", { count: here.cell[2], x: years(here.cell[0]), y: years(here.cell[1]) })
          : here
            ? t("points.point", { at: number(stop + 1), of: number(points.row.length), x: years(points.x[here.point]), y: years(points.y[here.point]) })
            : hovered >= 0
              ? t("points.one", { x: years(points.x[hovered]), y: years(points.y[hovered]) })
              : `${
                  density
                    ? t("points.density", { shown: number(values.n), points: number(points.row.length) })
                    : t("points.each", { shown: number(values.n) })
                } ${t("points.keys")}`}
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

/** Where the keyboard stops: a point, or a cell of the density. */
interface Stop {
  readonly point: number;
  readonly cell: readonly [number, number, number] | null;
}

/** The points from left to right, then the cells. */
function stopsOf({ points, density }: PointsValues): Stop[] {
  const across = points.x.map((_, point) => point).sort((one, other) => (points.x[one] ?? 0) - (points.x[other] ?? 0));
  const cells = [...(density ?? [])].sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  return [...across.map((point) => ({ point, cell: null })), ...cells.map((cell) => ({ point: -1, cell }))];
}

/** Where a key leads; null: it leads nowhere. */
function nextStop(key: string, stop: number, stops: number): number | null {
  if (stops === 0) return null;
  if (key === "ArrowRight" || key === "ArrowUp") return Math.min(stop + 1, stops - 1);
  if (key === "ArrowLeft" || key === "ArrowDown") return Math.max(stop - 1, 0);
  if (key === "Home") return 0;
  if (key === "End") return stops - 1;
  return key === "Escape" && stop >= 0 ? -1 : null;
}
