import { useTranslation } from "react-i18next";

import { isLanguage, type Language } from ".";

const LOCALES: Record<Language, string> = { en: "en-GB", "zh-Hans": "zh-CN" };
/** A narrow space that does not break, between a number and its unit. */
const NARROW = "\u202f";
const HARD = "\u00a0";

/** Months as people say them: `10 y 3 m`, `10 岁 3 个月`; rounded to whole months; a minus sign before the whole. */
export function formatAge(months: number, language: Language): string {
  const rounded = Math.round(Math.abs(months));
  const sign = months < 0 && rounded > 0 ? "−" : "";
  const years = Math.floor(rounded / 12);
  const rest = rounded % 12;
  const year = language === "en" ? "y" : "岁";
  const month = language === "en" ? "m" : "个月";
  if (years === 0) return `${sign}${rest}${HARD}${month}`;
  if (rest === 0) return `${sign}${years}${HARD}${year}`;
  return `${sign}${years}${HARD}${year}${HARD}${rest}${HARD}${month}`;
}

/** A difference of two ages: always with its sign, in years and months of time (not of age). */
export function formatAgeDifference(months: number, language: Language): string {
  const sign = Math.round(Math.abs(months)) === 0 ? "" : months < 0 ? "−" : "+";
  return sign + formatAgeDistance(months, language);
}

/** How far two ages lie apart, without saying which is the older: `3 y 4 m`, `3 年 4 个月` (岁 would be an age). */
export function formatAgeDistance(months: number, language: Language): string {
  const rounded = Math.round(Math.abs(months));
  if (rounded === 0) return language === "en" ? `0${HARD}m` : `0${HARD}个月`;
  const years = Math.floor(rounded / 12);
  const rest = rounded % 12;
  const year = language === "en" ? "y" : "年";
  const month = language === "en" ? "m" : "个月";
  const parts = [years > 0 ? `${years}${HARD}${year}` : "", rest > 0 ? `${rest}${HARD}${month}` : ""];
  return parts.filter(Boolean).join(HARD);
}

export function formatAgeInterval(interval: readonly [number, number], language: Language): string {
  return `${formatAge(interval[0], language)} – ${formatAge(interval[1], language)}`;
}

/** Made once: making one costs more than a hundred numbers, and a table has a thousand. */
const writers = new Map<string, Intl.NumberFormat>();

function writerOf(language: Language, digits: number): Intl.NumberFormat {
  const key = `${language} ${digits}`;
  const known = writers.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(LOCALES[language], {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  });
  writers.set(key, made);
  return made;
}

export function formatNumber(value: number, language: Language, digits = 0): string {
  const text = writerOf(language, digits).format(value);
  const rounded = /^-0(\.0+)?$/.test(text) ? text.slice(1) : text; // what rounds to nothing has no sign
  return groupThousands(rounded).replace("-", "−");
}

/** `1 229`: the same in both languages, and never mistaken for a decimal sign. */
function groupThousands(text: string): string {
  const [whole = "", fraction] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, NARROW);
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** How much waits: the server stops counting after a thousand (`selectors/counts.py`). */
export const MOST_COUNTED = 1000;
export function formatCount(value: number, language: Language): string {
  return value > MOST_COUNTED ? `${formatNumber(MOST_COUNTED, language)}+` : formatNumber(value, language);
}

export function formatSigned(value: number, language: Language, digits = 1): string {
  const text = formatNumber(value, language, digits);
  return value > 0 && Number(value.toFixed(digits)) !== 0 ? `+${text}` : text;
}

export function formatPercent(share: number, language: Language, digits = 0): string {
  return `${formatNumber(share * 100, language, digits)}${NARROW}%`;
}

export function formatDateTime(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
}

/** To the second: lines of history are often written within one minute. */
export function formatDateTimeSeconds(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], { dateStyle: "medium", timeStyle: "medium" }).format(new Date(iso));
}

export function formatDate(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], { dateStyle: "medium" }).format(new Date(iso));
}

export function formatTime(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], { timeStyle: "short" }).format(new Date(iso));
}

/** `4 min 10 s`, `1 h 05 min`: for times that machines take. */
export function formatDuration(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.round(seconds));
  const units = language === "en" ? ["h", "min", "s"] : ["小时", "分", "秒"];
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  if (hours > 0) return `${hours}${HARD}${units[0]}${HARD}${String(minutes).padStart(2, "0")}${HARD}${units[1]}`;
  if (minutes > 0) return `${minutes}${HARD}${units[1]}${HARD}${String(whole % 60).padStart(2, "0")}${HARD}${units[2]}`;
  return `${whole}${HARD}${units[2]}`;
}

/** The formatters bound to the language on screen. */
export function useFormat() {
  const { i18n } = useTranslation();
  const language: Language = isLanguage(i18n.language) ? i18n.language : "en";
  return {
    language,
    age: (months: number) => formatAge(months, language),
    ageDifference: (months: number) => formatAgeDifference(months, language),
    ageDistance: (months: number) => formatAgeDistance(months, language),
    ageInterval: (interval: readonly [number, number]) => formatAgeInterval(interval, language),
    number: (value: number, digits = 0) => formatNumber(value, language, digits),
    count: (value: number) => formatCount(value, language),
    signed: (value: number, digits = 1) => formatSigned(value, language, digits),
    percent: (share: number, digits = 0) => formatPercent(share, language, digits),
    dateTime: (iso: string) => formatDateTime(iso, language),
    dateTimeSeconds: (iso: string) => formatDateTimeSeconds(iso, language),
    date: (iso: string) => formatDate(iso, language),
    time: (iso: string) => formatTime(iso, language),
    duration: (seconds: number) => formatDuration(seconds, language),
  };
}
