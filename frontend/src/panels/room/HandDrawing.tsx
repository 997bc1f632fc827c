import { FINGER_LINES, HAND_LAYOUT } from "../../core/handLayout";
import { REGION_IDS, regionColour, type RegionId } from "../../core/regions";
import type { ShownState } from "../../core/regionState";

interface Props {
  readonly states: Readonly<Record<RegionId, ShownState>>;
  readonly focused: RegionId | null;
  onChoose(region: RegionId): void;
}

/** The 17 regions on a small hand; the list beside it says the same in words, so readers of screens skip it. */
export function HandDrawing({ states, focused, onChoose }: Props) {
  return (
    <svg className="hand" viewBox="-1.35 -2.35 2.8 3.2" aria-hidden="true">
      <defs>
        <pattern id="hand-hatch" width="0.06" height="0.06" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1="0" y1="0" x2="0" y2="0.06" stroke="#94a1ad" strokeWidth="0.025" />
        </pattern>
      </defs>
      <HandOutline />
      {REGION_IDS.map((id) => {
        const { u, v, width, height } = HAND_LAYOUT[id];
        return (
          <rect
            key={id}
            className="hand-place"
            data-state={states[id]}
            data-focused={id === focused || undefined}
            style={{ "--region": regionColour(id) } as React.CSSProperties}
            x={u - width / 2}
            y={-v - height / 2}
            width={width}
            height={height}
            rx={0.03}
            onClick={() => onChoose(id)}
          />
        );
      })}
    </svg>
  );
}

export function HandOutline() {
  return (
    <g className="hand-outline">
      <path d="M -0.2 0.8 L -0.22 -0.2 M 0.1 0.8 L 0.08 -0.2" strokeWidth={0.46} />
      <path d="M 0 -0.2 L 0 -0.6" strokeWidth={0.9} />
      {FINGER_LINES.map((line, i) => (
        <polyline key={i} points={line.map(([u, v]) => `${u},${-v}`).join(" ")} strokeWidth={0.27} />
      ))}
    </g>
  );
}
