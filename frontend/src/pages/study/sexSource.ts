import { useTranslation } from "react-i18next";

/** Where the sex comes from, in words: the film's header, or the person who stated it. */
export function useSexSource(): (source: string | null) => string {
  const { t } = useTranslation("study");
  return (source) => {
    if (source === null || source === "") return t("sexSource.unknown");
    if (source === "header") return t("sexSource.header");
    const stated = /^stated(?: by (.+))?$/.exec(source);
    if (!stated) return source;
    return stated[1] ? t("sexSource.statedBy", { name: stated[1] }) : t("sexSource.stated");
  };
}
