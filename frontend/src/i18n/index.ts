import i18next from "i18next";
import { initReactI18next } from "react-i18next";

import { isLanguage, loadTexts, preferredLanguage, storeLanguage, type Language, type Texts } from "./languages";

export { isLanguage, LANGUAGES, type Language, type Texts } from "./languages";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: Texts;
  }
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
  storeLanguage(language);
}

export function currentLanguage(): Language {
  return isLanguage(i18next.language) ? i18next.language : "en";
}
