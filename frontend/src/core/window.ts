/** Window and level: which 16-bit grey values are shown between black and white. */
export interface GreyWindow {
  readonly center: number;
  readonly width: number;
}

/** Share of the default width that one CSS pixel of dragging changes. */
const DRAG_SHARE = 1 / 300;
const SMALLEST_WIDTH = 16;

/** The window after a drag: right is wider (less contrast), down is brighter (lower centre). */
export function draggedWindow(start: GreyWindow, base: GreyWindow, dx: number, dy: number): GreyWindow {
  return {
    width: Math.max(SMALLEST_WIDTH, start.width + dx * base.width * DRAG_SHARE),
    center: start.center - dy * base.width * DRAG_SHARE,
  };
}

export const WINDOW_PRESETS = ["default", "bone", "soft", "flat"] as const;
export type WindowPreset = (typeof WINDOW_PRESETS)[number];

/** Presets are relative to the film's own default window, so they mean the same on every film. */
export function presetWindow(base: GreyWindow, preset: WindowPreset): GreyWindow {
  switch (preset) {
    case "default":
      return base;
    case "bone":
      return { center: base.center + 0.15 * base.width, width: base.width * 0.6 };
    case "soft":
      return { center: base.center - 0.2 * base.width, width: base.width * 0.6 };
    case "flat":
      return { center: base.center, width: base.width * 1.6 };
  }
}

/** A window kept from one film to the next: as difference to the film's default, never in absolute grey values. */
export interface WindowHabit {
  readonly centerShift: number;
  readonly widthFactor: number;
}

export const habitOf = (window: GreyWindow, base: GreyWindow): WindowHabit => ({
  centerShift: (window.center - base.center) / base.width,
  widthFactor: window.width / base.width,
});

export const windowFrom = (habit: WindowHabit, base: GreyWindow): GreyWindow => ({
  center: base.center + habit.centerShift * base.width,
  width: Math.max(SMALLEST_WIDTH, base.width * habit.widthFactor),
});

/** 65 536 grey values to 8 bits; the fallback's counterpart of the shader. */
export function lookupTable({ center, width }: GreyWindow, inverted: boolean): Uint8ClampedArray {
  const table = new Uint8ClampedArray(65536);
  for (let value = 0; value < table.length; value++) {
    const shade = Math.min(1, Math.max(0, (value - center) / width + 0.5));
    table[value] = Math.round((inverted ? 1 - shade : shade) * 255);
  }
  return table;
}
