import { HANDLES, centre, handlePoint, type Box, type BoxId } from "../core/boxes";
import type { Affine } from "../core/viewport";
import { turnedPoint } from "./turnedBox";

interface Props {
  readonly region: BoxId;
  readonly box: Box;
  readonly matrix: Affine;
  readonly scale: number;
  /** Fingers: only corners, moved outwards, each with a target of 44 pixels. */
  readonly coarse: boolean;
}

const SIDE_PX = 9;
const MOUSE_TARGET_PX = 16;
const TOUCH_TARGET_PX = 44;
const TOUCH_OUTWARDS_PX = 12;

/** The eight places to take hold of the box in hand. */
export function BoxHandles({ region, box, matrix, scale, coarse }: Props) {
  const middle = centre(box);
  const [cx, cy] = turnedPoint(middle.x, middle.y, matrix);
  const px = 1 / scale;
  const shown = coarse ? HANDLES.filter((handle) => handle.length === 2) : HANDLES;
  return (
    <g className="film-handles" aria-hidden="true">
      {shown.map((handle) => {
        const at = handlePoint(box, handle);
        const [x, y] = turnedPoint(at.x, at.y, matrix);
        const out = coarse ? TOUCH_OUTWARDS_PX * px : 0;
        const [dx, dy] = [Math.sign(Math.round((x - cx) * 1e3)), Math.sign(Math.round((y - cy) * 1e3))];
        const [hx, hy] = [x + dx * out, y + dy * out];
        const target = (coarse ? TOUCH_TARGET_PX : MOUSE_TARGET_PX) * px;
        const side = SIDE_PX * px * (coarse ? 1.4 : 1);
        const cursor = dx === 0 ? "ns-resize" : dy === 0 ? "ew-resize" : dx === dy ? "nwse-resize" : "nesw-resize";
        return (
          <g key={handle} data-handle={handle} data-region={region} style={{ cursor }}>
            <rect x={hx - target / 2} y={hy - target / 2} width={target} height={target} className="film-target" />
            <rect x={hx - side / 2} y={hy - side / 2} width={side} height={side} className="film-handle" />
          </g>
        );
      })}
    </g>
  );
}
