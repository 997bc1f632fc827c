import { useTranslation } from "react-i18next";

import { area, type Box, type BoxId } from "../core/boxes";
import type { FilmLook } from "../core/filmStore";
import { isRegionId, regionColour } from "../core/regions";
import { orientationMatrix } from "../core/viewport";
import { BoxHandles } from "./BoxHandles";
import { BoxShape } from "./BoxShape";
import { turnedBox } from "./turnedBox";
import type { FilmBox } from "./types";

interface Props {
  readonly look: FilmLook;
  readonly boxes: readonly FilmBox<BoxId>[];
  readonly focused: BoxId | null;
  /** A region being drawn that has no box yet. */
  readonly drawing: { readonly region: BoxId; readonly box: Box } | null;
  readonly readOnly: boolean;
  readonly coarse: boolean;
  onFocusBox(region: BoxId): void;
}

/** The boxes over the film: one unit of the viewBox is one pixel of the picture. */
export function BoxOverlay({ look, boxes, focused, drawing, readOnly, coarse, onFocusBox }: Props) {
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
          {drawing && <Drawing region={drawing.region} box={turnedBox(drawing.box, matrix)} />}
          {inHand && !readOnly && (
            <BoxHandles region={inHand.region} box={inHand.box} matrix={matrix} scale={viewport.scale} coarse={coarse} />
          )}
        </>
      )}
    </svg>
  );
}

function Drawing({ region, box }: { readonly region: BoxId; readonly box: Box }) {
  return (
    <rect
      className="film-drawing"
      x={box.x0}
      y={box.y0}
      width={box.x1 - box.x0}
      height={box.y1 - box.y0}
      stroke={isRegionId(region) ? regionColour(region) : "#ffffff"}
      vectorEffect="non-scaling-stroke"
    />
  );
}
