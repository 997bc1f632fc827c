import type { Language } from "../../i18n";

/** A page of the documentation as the build makes it of its Markdown (`manualPlugin.ts`). */
export interface ManualText {
  readonly title: string;
  readonly sections: readonly { readonly id: string; readonly depth: number; readonly title: string }[];
  /** Made from the project's own Markdown at build time, and of nothing that anybody typed. */
  readonly html: string;
}

/** One chunk per language. */
export const MANUALS: Readonly<Record<Language, () => Promise<{ default: ManualText }>>> = {
  en: () => import("../../../../docs/labelling/en.md"),
  "zh-Hans": () => import("../../../../docs/labelling/zh-Hans.md"),
};
