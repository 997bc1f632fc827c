import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

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
  "#94a1ad",
  "#637381",
  "#36414b",
  "#27313a",
  "#181f26",
  "#11161b",
  "#0c1014",
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
    // A dialog is drawn outside the page, where its <header> would count as a second banner.
    ModalHeader: { defaultProps: { role: "presentation" } },
    // The library colours titles too lightly for a contrast of 4.5 : 1.
    Alert: { styles: { title: { color: "var(--mantine-color-text)" } } },
  },
});

/** The library's quiet colours, in the tones of the badges: legible and calm on both schemes. */
const NOTICES = {
  "--mantine-color-yellow-light": "var(--warn-back)",
  "--mantine-color-yellow-light-color": "var(--warn-text)",
  "--mantine-color-red-light": "var(--bad-back)",
  "--mantine-color-red-light-color": "var(--bad-text)",
  "--mantine-color-blue-light": "var(--info-back)",
  "--mantine-color-blue-light-color": "var(--info-text)",
};

/** Page, card, line and quiet text; quiet text keeps a contrast of 4.5 : 1 on both. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#ffffff",
    "--mantine-color-text": "#17212b",
    "--mantine-color-dimmed": "#56646f",
    "--mantine-color-default-border": "#dfe5eb",
    "--mantine-color-placeholder": "#66737f",
    "--page": "#f5f7f9",
    "--line": "#e1e7ed",
    "--soft": "#eef2f5",
    "--accent-soft": "#e3f2ef",
    "--accent-text": "#0b6a5e",
    "--warn-back": "#fff1cf",
    "--warn-text": "#7a4d00",
    "--bad-back": "#fde8e6",
    "--bad-text": "#a1231a",
    "--good-back": "#e1f3e6",
    "--good-text": "#1c6834",
    "--info-back": "#e5eefb",
    "--info-text": "#1d4f91",
    ...NOTICES,
    "--female": "#b5487f",
    "--male": "#2b6cb0",
    "--heat-lightness": "90%",
    "--heat-fall": "22%",
  },
  dark: {
    "--mantine-color-body": "#11161b",
    "--mantine-color-text": "#dfe6ec",
    "--mantine-color-dimmed": "#94a1ad",
    "--mantine-color-default-border": "#27313a",
    "--mantine-color-placeholder": "#8593a0",
    "--page": "#0b0e11",
    "--line": "#232b33",
    "--soft": "#181f26",
    "--accent-soft": "#12302d",
    "--accent-text": "#62d3c2",
    "--warn-back": "#3a2d10",
    "--warn-text": "#f2c368",
    "--bad-back": "#3d1b1a",
    "--bad-text": "#ff9d94",
    "--good-back": "#14301d",
    "--good-text": "#84dc98",
    "--info-back": "#162a45",
    "--info-text": "#93c0ff",
    ...NOTICES,
    "--female": "#e58ab8",
    "--male": "#75b3ee",
    "--heat-lightness": "18%",
    "--heat-fall": "-8%",
  },
});
