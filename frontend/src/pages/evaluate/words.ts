import { useTranslation } from "react-i18next";

import { isRegionId, regionName } from "../../core/regions";
import { useFormat } from "../../i18n/format";
import { bandName } from "./bands";

/** What the figures call things, in the language of the page; names that people gave stay as they are. */
export function useWord(): (name: string) => string {
  const { t, i18n } = useTranslation("evaluate");
  const { language } = useFormat();
  return (name) => {
    if (i18n.exists(`evaluate:word.${name}`)) return t(`word.${name as "none"}`);
    if (isRegionId(name)) return regionName(name, language);
    return bandName(name);
  };
}

/** Heading of a table's column: `{part}_{sex}` columns of table 1 name both. */
export function useColumnName(): (name: string) => string {
  const { t, i18n } = useTranslation("evaluate");
  const { t: common } = useTranslation();
  const word = useWord();
  return (name) => {
    if (i18n.exists(`evaluate:columnName.${name}`)) return t(`columnName.${name as "n"}`);
    const found = /^(.+)_([FM])$/.exec(name);
    return found ? `${word(found[1] ?? "")} · ${common(`sex.${found[2] as "F" | "M"}`)}` : word(name);
  };
}
