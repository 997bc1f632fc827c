/** DICOM's VOI LUT functions (PS3.3 C.11.2.1.2 and C.11.2.1.3). */
export type WindowFunction = "linear" | "linear_exact" | "sigmoid";

/** Window and level: which 16-bit grey values are shown between black and white, and along which curve. */
export interface GreyWindow {
  readonly center: number;
  readonly width: number;
  readonly function: WindowFunction;
}

/** Share of the default width that one CSS pixel of dragging changes. */
const DRAG_SHARE = 1 / 300;
const SMALLEST_WIDTH = 16;

/** The window after a drag: right is wider (less contrast), down is brighter (lower centre). The curve stays. */
export function draggedWindow(start: GreyWindow, base: GreyWindow, dx: number, dy: number): GreyWindow {
  return {
    function: start.function,
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
      return { ...base, center: base.center + 0.15 * base.width, width: base.width * 0.6 };
    case "soft":
      return { ...base, center: base.center - 0.2 * base.width, width: base.width * 0.6 };
    case "flat":
      return { ...base, width: base.width * 1.6 };
  }
}

/**
 * A window kept from one film to the next: as difference to the film's default, never in absolute grey values; the
 * curve is the new film's own.
 */
export interface WindowHabit {
  readonly centerShift: number;
  readonly widthFactor: number;
}

export const habitOf = (window: GreyWindow, base: GreyWindow): WindowHabit => ({
  centerShift: (window.center - base.center) / base.width,
  widthFactor: window.width / base.width,
});

export const windowFrom = (habit: WindowHabit, base: GreyWindow): GreyWindow => ({
  function: base.function,
  center: base.center + habit.centerShift * base.width,
  width: Math.max(SMALLEST_WIDTH, base.width * habit.widthFactor),
});

export interface GreyCurve {
  /** The grey value that is shown half bright. */
  readonly middle: number;
  /** From black to white along a straight line, or the width of the S; 0: a step just above the middle. */
  readonly span: number;
  readonly sigmoid: boolean;
}

/** The curve of a window, for the lookup table and the shader: DICOM's `linear` counts from center - 0.5 over width - 1. */
export function greyCurve({ center, width, function: name }: GreyWindow): GreyCurve {
  if (name === "linear") return { middle: center - 0.5, span: Math.max(0, width - 1), sigmoid: false };
  return { middle: center, span: width, sigmoid: name === "sigmoid" };
}

/** Beyond it `exp` of the shader and of the server overflow; the curve is flat long before. */
export const LARGEST_EXPONENT = 80;

/**
 * 65 536 grey values to 8 bits; the fallback's counterpart of the shader. Step by step in single precision and halves to
 * the even number, so that each entry is the server's (`window_to_8bit` in inference/imaging/render.py).
 */
export function lookupTable(window: GreyWindow, inverted: boolean): Uint8ClampedArray {
  const single = Math.fround;
  const curve = greyCurve(window);
  const [middle, span] = [single(curve.middle), single(curve.span)];
  const share = (value: number): number => {
    if (span === 0) return value > middle ? 1 : 0;
    if (!curve.sigmoid) return single(single(single(value - middle) / span) + 0.5);
    const exponent = single(single(-4 * single(value - middle)) / span);
    return single(1 / single(1 + single(Math.exp(Math.min(LARGEST_EXPONENT, Math.max(-LARGEST_EXPONENT, exponent))))));
  };
  const table = new Uint8ClampedArray(65536);
  // What is written into such an array is clamped and rounded, halves to the even number.
  for (let value = 0; value < table.length; value++) table[value] = single(share(value) * 255);
  return inverted ? table.map((shade) => 255 - shade) : table;
}
