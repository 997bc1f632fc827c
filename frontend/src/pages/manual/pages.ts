import type { Language } from "../../i18n";

/** A page of the documentation as the build makes it of its Markdown (`manualPlugin.ts`). */
export interface ManualText {
  readonly title: string;
  readonly sections: readonly { readonly id: string; readonly depth: number; readonly title: string }[];
  /** Made from the project's own Markdown at build time, and of nothing that anybody typed. */
  readonly html: string;
}

/** One chunk per language. */
export type Texts = Readonly<Record<Language, () => Promise<{ default: ManualText }>>>;

export const MANUALS: Texts = {
  en: () => import("../../../../docs/labelling/en.md"),
  "zh-Hans": () => import("../../../../docs/labelling/zh-Hans.md"),
};

export const GUIDE_NAMES = ["clinicians", "researchers", "administrators"] as const;
export type GuideName = (typeof GUIDE_NAMES)[number];

export const GUIDES: Readonly<Record<GuideName, Texts>> = {
  clinicians: {
    en: () => import("../../../../docs/guides/en/clinicians.md"),
    "zh-Hans": () => import("../../../../docs/guides/zh-Hans/clinicians.md"),
  },
  researchers: {
    en: () => import("../../../../docs/guides/en/researchers.md"),
    "zh-Hans": () => import("../../../../docs/guides/zh-Hans/researchers.md"),
  },
  administrators: {
    en: () => import("../../../../docs/guides/en/administrators.md"),
    "zh-Hans": () => import("../../../../docs/guides/zh-Hans/administrators.md"),
  },
};
