import { Button, Group, Select } from "@mantine/core";
import { IconFolderUp, IconUpload, type TablerIcon } from "@tabler/icons-react";
import { useRef, useState, type ChangeEvent } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../../api/session";
import { useCohorts } from "../../api/snapshots";
import { chosenFiles, eachSource } from "./sources";
import { useUploadQueue } from "./UploadContext";

/** The two ways to choose films (files or zips, a whole folder), and the cohort that they come into. */
export function ChooseFilms() {
  const { t } = useTranslation("upload");
  return (
    <Group gap="xs">
      <CohortChoice />
      <Chooser label={t("choose")} icon={IconUpload} folder={false} />
      <Chooser label={t("chooseFolder")} icon={IconFolderUp} folder />
    </Group>
  );
}

function Chooser({ label, icon: Icon, folder }: { readonly label: string; readonly icon: TablerIcon; readonly folder: boolean }) {
  const queue = useUploadQueue();
  const input = useRef<HTMLInputElement>(null);

  function chosen(event: ChangeEvent<HTMLInputElement>) {
    const files = chosenFiles(Array.from(event.currentTarget.files ?? []));
    // The same files may be chosen again.
    event.currentTarget.value = "";
    void eachSource(files, (sources) => queue.add(sources));
  }

  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={label}
        onChange={chosen}
        {...(folder ? { webkitdirectory: "", "data-testid": "choose-folder" } : { "data-testid": "choose-files" })}
      />
      <Button variant={folder ? "default" : "filled"} leftSection={<Icon size={16} aria-hidden />} onClick={() => input.current?.click()}>
        {label}
      </Button>
    </>
  );
}

function CohortChoice() {
  const { has } = useSession();
  return has("researcher") || has("administrator") || has("reviewer") ? <CohortSelect /> : null;
}

function CohortSelect() {
  const { t } = useTranslation("upload");
  const queue = useUploadQueue();
  const cohorts = useCohorts();
  const [cohort, setCohort] = useState(queue.cohort);
  const data = (cohorts.data?.results ?? []).map(({ id, name }) => ({ value: id, label: name }));
  if (data.length === 0) return null;
  return (
    <Select
      w={170}
      aria-label={t("cohort")}
      placeholder={t("noCohort")}
      clearable
      data={data}
      value={cohort}
      onChange={(chosen) => {
        queue.cohort = chosen;
        setCohort(chosen);
      }}
    />
  );
}
