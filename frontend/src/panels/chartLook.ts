/** What all charts have in common; colours follow the scheme through CSS variables. Okabe-Ito for series. */
export const SERIES_COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"] as const;

export const AXIS = {
  tick: { fontSize: 11, fill: "var(--mantine-color-dimmed)" },
  stroke: "var(--mantine-color-dimmed)",
  tickLine: false,
} as const;

export const GRID = { stroke: "var(--line)", strokeDasharray: "3 3" } as const;

export const TOOLTIP = {
  contentStyle: {
    background: "var(--mantine-color-body)",
    border: "1px solid var(--line)",
    borderRadius: 8,
    fontSize: 12,
    color: "var(--mantine-color-text)",
  },
  isAnimationActive: false,
} as const;
