import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Run } from "../../api/types";
import type { Texts } from "../../i18n";
import { settingText } from "../../panels/settingText";

type Known = keyof Texts["runs"]["parameter"];
type Word = keyof Texts["runs"]["value"];
const PAGES: Readonly<Record<string, string>> = {
  model: "/models",
  study: "/studies",
  snapshot: "/snapshots",
  training: "/runs",
};

/** Their values are words of the program, not of a person. */
const WORDED: ReadonlySet<string> = new Set(["band_by", "split_kind", "test_locked", "split"]);
const SHORTENED: ReadonlySet<string> = new Set(["cohort", "address"]);

/** What a run was asked to do, in words; ids of things that have a page become links. */
export function useParameters(run: Run): (readonly [string, ReactNode])[] {
  const { t, i18n } = useTranslation("runs");
  return Object.entries(run.parameters).flatMap(([name, value]): (readonly [string, ReactNode])[] => {
    if (name === "parts") return [];
    const said = name === "part" ? t("part", { part: value, parts: run.parameters["parts"] }) : plain(value);
    if (said === null) return [];
    const text = WORDED.has(name) && i18n.exists(`runs:value.${said}`) ? t(`value.${said as Word}`) : said;
    const label = i18n.exists(`runs:parameter.${name}`) ? t(`parameter.${name as Known}`) : name;
    const page = PAGES[name];
    if (!page) return [[label, SHORTENED.has(name) ? text.slice(0, 8) : text]];
    return [
      [
        label,
        <Anchor key={name} component={Link} to={`${page}/${text}`} size="sm">
          {text.slice(0, 8)}
        </Anchor>,
      ],
    ];
  });
}

function plain(value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "object") {
    const entries = Object.entries(value).map(([name, one]) => `${name} = ${settingText(one)}`);
    return entries.length === 0 ? null : entries.join(", ");
  }
  return String(value);
}
