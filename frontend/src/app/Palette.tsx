import { Spotlight, spotlight } from "@mantine/spotlight";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPhoto, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { useStudySearch } from "../api/studies";
import type { Place } from "./navigation";

export const openPalette = () => spotlight.open();

/** Ctrl+K: any page, any study by its pseudonym. */
export function Palette({ places }: { places: readonly Place[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const [settled] = useDebouncedValue(query.trim(), 180);
  const studies = useStudySearch(settled);
  const wanted = query.trim().toLowerCase();
  const pages = places.filter((place) => t(`nav.${place.key}`).toLowerCase().includes(wanted));
  const found = settled.length > 1 ? (studies.data?.results ?? []) : [];

  return (
    <Spotlight.Root query={query} onQueryChange={setQuery} shortcut={["mod + K"]} scrollable maxHeight={420}>
      <Spotlight.Search
        placeholder={t("palette.placeholder")}
        aria-label={t("palette.placeholder")}
        leftSection={<IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {pages.length > 0 && (
          <Spotlight.ActionsGroup label={t("palette.pages")}>
            {pages.map(({ key, path, icon: Icon }) => (
              <Spotlight.Action
                key={path}
                label={t(`nav.${key}`)}
                leftSection={<Icon size={18} stroke={1.7} aria-hidden />}
                onClick={() => void navigate(path)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {found.length > 0 && (
          <Spotlight.ActionsGroup label={t("palette.studies")}>
            {found.map((study) => (
              <Spotlight.Action
                key={study.id}
                label={study.pseudonym}
                description={t(`studyState.${study.state}`)}
                leftSection={<IconPhoto size={18} stroke={1.7} aria-hidden />}
                onClick={() => void navigate(`/studies/${study.id}`)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {pages.length === 0 && found.length === 0 && <Spotlight.Empty>{t("palette.nothing")}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
