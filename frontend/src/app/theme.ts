import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** One accent colour: a calm teal that keeps its contrast on white and on near black. */
const teal: MantineColorsTuple = [
  "#e7f4f2",
  "#d0e9e5",
  "#a3d4cc",
  "#74bfb3",
  "#4cc2b0",
  "#2ba797",
  "#0f8a7a",
  "#0c7467",
  "#095d53",
  "#06463e",
];

/** Blue-grey, so that dark pages sit beside a dark film without glare. */
const dark: MantineColorsTuple = [
  "#dfe6ec",
  "#b6c1cb",
  "#8a97a3",
  "#637381",
  "#3a4651",
  "#2a343d",
  "#1c242b",
  "#12171c",
  "#0d1115",
  "#080b0e",
];

export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: { light: 7, dark: 4 },
  colors: { teal, dark },
  autoContrast: true,
  luminanceThreshold: 0.35,
  fontFamily:
    'Inter, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace',
  headings: { fontWeight: "650" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { withArrow: true, openDelay: 350 } },
    Modal: { defaultProps: { centered: true } },
  },
});
