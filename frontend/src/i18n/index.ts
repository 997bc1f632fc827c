import i18next, { type Resource } from "i18next";
import { initReactI18next } from "react-i18next";

import type english from "./en";

export const LANGUAGES = ["en", "zh-Hans"] as const;
export type Language = (typeof LANGUAGES)[number];
export type Texts = typeof english;

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: Texts;
  }
}

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

/** One chunk per language: nobody loads the texts of the other. */
async function loadTexts(language: Language): Promise<Resource[string]> {
  const module = language === "en" ? await import("./en") : await import("./zh-Hans");
  return module.default;
}

function markDocument(language: Language): void {
  document.documentElement.lang = language;
}

export async function startI18n(language: Language = preferredLanguage()): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: "common",
    resources: { [language]: await loadTexts(language) },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  markDocument(language);
}

export async function switchLanguage(language: Language): Promise<void> {
  if (i18next.language === language) return;
  const texts = await loadTexts(language);
  for (const [namespace, entries] of Object.entries(texts)) {
    i18next.addResourceBundle(language, namespace, entries, true, true);
  }
  await i18next.changeLanguage(language);
  markDocument(language);
  try {
    window.localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // A browser that keeps nothing still shows the language chosen now.
  }
}

export function currentLanguage(): Language {
  return isLanguage(i18next.language) ? i18next.language : "en";
}
