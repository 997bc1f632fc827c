import type { Resource } from "i18next";

import type english from "./en";

export const LANGUAGES = ["en", "zh-Hans"] as const;
export type Language = (typeof LANGUAGES)[number];
export type Texts = typeof english;

const STORAGE_KEY = "boneage-language";

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.includes(value as Language);
}

/** The language asked for on this computer, else the browser's, else English. */
export function preferredLanguage(): Language {
  const stored = readStored();
  if (stored) return stored;
  const wanted = typeof navigator === "undefined" ? [] : navigator.languages;
  return wanted[0]?.toLowerCase().startsWith("zh") ? "zh-Hans" : "en";
}

function readStored(): Language | null {
  try {
    const value = window.localStorage.getItem(STORAGE_KEY);
    return isLanguage(value) ? value : null;
  } catch {
    return null;
  }
}

export function storeLanguage(language: Language): void {
  try {
    window.localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // A browser that keeps nothing still shows the language chosen now.
  }
}

/** One chunk per language: nobody loads the texts of the other. */
export async function loadTexts(language: Language): Promise<Resource[string]> {
  const module = language === "en" ? await import("./en") : await import("./zh-Hans");
  return module.default;
}
