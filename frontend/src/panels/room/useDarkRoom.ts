import { useLayoutEffect } from "react";

const ATTRIBUTE = "data-mantine-color-scheme";

/** Film pages are dark whatever the person chose for tables and charts; the choice comes back on leaving. */
export function useDarkRoom(): void {
  useLayoutEffect(() => {
    const root = document.documentElement;
    const before = root.getAttribute(ATTRIBUTE);
    root.setAttribute(ATTRIBUTE, "dark");
    return () => {
      if (before) root.setAttribute(ATTRIBUTE, before);
    };
  }, []);
}
