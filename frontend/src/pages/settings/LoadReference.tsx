import { Button, FileInput, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useLoadReference } from "../../api/results";
import { Card } from "../../panels/Card";
import { useErrorText } from "../../panels/errorText";

const EMPTY = { name_en: "", name_zh: "", source: "", population: "" };
const FIELDS = ["name_en", "name_zh", "source", "population"] as const;

/** A site's own table from a CSV file; without a source it is not taken. */
export function LoadReference() {
  const { t } = useTranslation("references");
  const errorText = useErrorText();
  const load = useLoadReference();
  const [texts, setTexts] = useState(EMPTY);
  const [file, setFile] = useState<File | null>(null);
  const ready = file !== null && FIELDS.every((field) => texts[field].trim() !== "");

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!file) return;
    const table = await file.text();
    load.mutate(
      { ...texts, table },
      {
        onSuccess: () => {
          setTexts(EMPTY);
          setFile(null);
        },
      },
    );
  }

  return (
    <Card title={t("load.title")} intro={t("load.intro")}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          {FIELDS.map((field) => (
            <TextInput
              key={field}
              label={t(`load.${field}`)}
              required
              value={texts[field]}
              onChange={(event) => setTexts({ ...texts, [field]: event.currentTarget.value })}
            />
          ))}
          <FileInput
            label={t("load.file")}
            description={t("load.columns")}
            placeholder={t("load.choose")}
            accept=".csv,text/csv"
            required
            value={file}
            onChange={setFile}
          />
          {load.isError && (
            <Text size="sm" c="var(--bad-text)" role="alert">
              {errorText(load.error)}
            </Text>
          )}
          <Group>
            <Button type="submit" disabled={!ready} loading={load.isPending}>
              {t("load.submit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
