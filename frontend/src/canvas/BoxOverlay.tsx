import { useTranslation } from "react-i18next";

import { area, type Box, type BoxId } from "../core/boxes";
import type { FilmLook } from "../core/filmStore";
import type { ImagePoint } from "../core/points";
import { isRegionId, regionColour, regionName } from "../core/regions";
import { orientationMatrix } from "../core/viewport";
import { BoxHandles } from "./BoxHandles";
import { BoxShape } from "./BoxShape";
import { turnedBox, turnedPoint } from "./turnedBox";
import type { FilmBox } from "./types";

interface Props {
  readonly look: FilmLook;
  readonly boxes: readonly FilmBox<BoxId>[];
  readonly focused: BoxId | null;
  /** A box being drawn out. */
  readonly drawing: { readonly region: BoxId; readonly box: Box } | null;
  /** Clicked points, in order. */
  readonly points: readonly ImagePoint[];
  readonly readOnly: boolean;
  readonly coarse: boolean;
  onFocusBox(region: BoxId): void;
}

/** The boxes over the film: one unit of the viewBox is one pixel of the picture. */
export function BoxOverlay({ look, boxes, focused, drawing, points, readOnly, coarse, onFocusBox }: Props) {
  const { t } = useTranslation("workbench");
  const { viewport, view, image, orientation, boxesHidden } = look;
  const matrix = orientationMatrix(image, orientation);
  const window = [viewport.left, viewport.top, view.width / viewport.scale, view.height / viewport.scale];
  // Small boxes lie on large ones, the one in hand on top, so that each can be reached.
  const ordered = [...boxes].sort((a, b) => area(b.box) - area(a.box));
  const inHand = boxes.find((shown) => shown.region === focused && shown.look !== "faint");
  return (
    <svg
      className="film-overlay"
      viewBox={window.join(" ")}
      role="group"
      aria-label={t("film.boxes", { count: boxes.length })}
      data-testid="film-overlay"
      data-hidden={boxesHidden || undefined}
    >
      {!boxesHidden && (
        <>
          {ordered.map((shown) => (
            <BoxShape
              key={`${shown.region}-${shown.look === "faint" ? "faint" : "own"}`}
              shown={shown}
              focused={shown === inHand}
              matrix={matrix}
              scale={viewport.scale}
              coarse={coarse && !readOnly}
              onFocus={() => onFocusBox(shown.region)}
            />
          ))}
          {drawing && <Drawing region={drawing.region} box={turnedBox(drawing.box, matrix)} scale={viewport.scale} />}
          {inHand && !readOnly && (
            <BoxHandles region={inHand.region} box={inHand.box} matrix={matrix} scale={viewport.scale} coarse={coarse} />
          )}
        </>
      )}
      {points.map(({ x, y }, i) => {
        const [px, py] = turnedPoint(x, y, matrix);
        return (
          <g key={i} className="film-point" data-testid="film-point" transform={`translate(${px} ${py}) scale(${1 / viewport.scale})`}>
            <path d="M -11 0 H 11 M 0 -11 V 11" />
            <circle r={6} />
            <text x={14} y={5}>{i + 1}</text>
          </g>
        );
      })}
    </svg>
  );
}

/** With its name: a box drawn over a suggestion is that suggestion's. */
function Drawing({ region, box, scale }: { readonly region: BoxId; readonly box: Box; readonly scale: number }) {
  const { i18n } = useTranslation("workbench");
  return (
    <>
      <rect
        className="film-drawing"
        x={box.x0}
        y={box.y0}
        width={box.x1 - box.x0}
        height={box.y1 - box.y0}
        stroke={isRegionId(region) ? regionColour(region) : "#ffffff"}
        vectorEffect="non-scaling-stroke"
      />
      {isRegionId(region) && (
        <text x={box.x0} y={box.y0 - 7 / scale} fontSize={13 / scale} className="film-label" strokeWidth={3 / scale} data-testid="drawing-name">
          {regionName(region, i18n.language)}
        </text>
      )}
    </>
  );
}
