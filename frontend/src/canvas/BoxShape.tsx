import { useTranslation } from "react-i18next";

import { isRegionId, regionColour, regionName } from "../core/regions";
import { height, width, type BoxId } from "../core/boxes";
import type { Affine } from "../core/viewport";
import { turnedBox } from "./turnedBox";
import type { FilmBox } from "./types";

interface Props {
  readonly shown: FilmBox<BoxId>;
  readonly focused: boolean;
  readonly matrix: Affine;
  readonly scale: number;
  /** Fingers: the handles stand off the corners, so the name stands higher. */
  readonly coarse: boolean;
  readonly onFocus: () => void;
}

const EDGE_TARGET_PX = 10;
const NO_COLOUR = "#c5ced6";

/** One region's box: an outline to see, an inside and an edge to press, a name and a place to read out. */
export function BoxShape({ shown, focused, matrix, scale, coarse, onFocus }: Props) {
  const { t, i18n } = useTranslation("workbench");
  const { x0, y0, x1, y1 } = turnedBox(shown.box, matrix);
  const place = { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
  const { region } = shown;
  const name = isRegionId(region) ? regionName(region, i18n.language) : (shown.name ?? "");
  const colour = shown.colour ?? (isRegionId(region) ? regionColour(region) : NO_COLOUR);
  const { box } = shown;
  const where = t("film.boxValue", {
    x: Math.round(box.x0),
    y: Math.round(box.y0),
    width: Math.round(width(box)),
    height: Math.round(height(box)),
  });
  return (
    <g
      role="button"
      // Never a stop of Tab: inside the film Tab is the film's own key, and who had left it would be caught again.
      tabIndex={-1}
      aria-pressed={focused}
      aria-label={shown.name ?? name}
      aria-description={where}
      data-region={shown.region}
      data-testid={`box-${shown.region}`}
      data-look={shown.look}
      className={`film-box film-box-${shown.look}${focused ? " film-box-focused" : ""}`}
      style={{ "--region": colour } as React.CSSProperties}
      onFocus={onFocus}
    >
      <rect {...place} className="film-inside" data-part="inside" />
      <rect {...place} className="film-shadow" vectorEffect="non-scaling-stroke" />
      <rect {...place} className="film-outline" vectorEffect="non-scaling-stroke" />
      <rect
        {...place}
        className="film-edge"
        data-part="edge"
        strokeWidth={EDGE_TARGET_PX}
        vectorEffect="non-scaling-stroke"
      />
      {shown.pinned && <circle className="film-pin" cx={x1} cy={y0} r={7 / scale} vectorEffect="non-scaling-stroke" />}
      {focused && (
        <text x={x0} y={y0 - (coarse ? 26 : 7) / scale} fontSize={13 / scale} className="film-label" strokeWidth={3 / scale}>
          {shown.label ?? name}
        </text>
      )}
    </g>
  );
}
