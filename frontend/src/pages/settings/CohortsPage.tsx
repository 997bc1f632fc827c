import { Button, Group, Text, TextInput } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useRenameCohort } from "../../api/people";
import { useCohorts, useCreateCohort } from "../../api/snapshots";
import type { Cohort } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";
import { Empty } from "../../panels/Empty";
import { useErrorText } from "../../panels/errorText";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";

export function Component() {
  const { t } = useTranslation("settings");
  const cohorts = useCohorts();
  const rows = cohorts.data?.results ?? [];
  return (
    <Page title={t("cohorts.title")} intro={t("cohorts.intro")} width={900}>
      <Card>
        <NewCohort />
        {cohorts.isPending && <RowsLoading rows={3} height={36} />}
        {cohorts.isError && !cohorts.data && <Failure error={cohorts.error} retry={() => void cohorts.refetch()} />}
        {cohorts.isSuccess && rows.length === 0 && (
          <Empty icon={IconUsersGroup} title={t("cohorts.emptyTitle")} text={t("cohorts.emptyText")} />
        )}
        {rows.length > 0 && (
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t("cohorts.name")}</th>
                <th scope="col" className="number">
                  {t("cohorts.studies")}
                </th>
                <th scope="col">{t("cohorts.protocol")}</th>
                <th scope="col">{t("people.change")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((cohort) => (
                <CohortRow key={cohort.id} cohort={cohort} />
              ))}
            </tbody>
          </table>
        )}
      </Card>
    </Page>
  );
}

function CohortRow({ cohort }: { cohort: Cohort }) {
  const { t } = useTranslation("settings");
  const { t: common } = useTranslation();
  const { number } = useFormat();
  const errorText = useErrorText();
  const rename = useRenameCohort(cohort.id);
  const [name, setName] = useState<string | null>(null);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (name?.trim()) rename.mutate(name.trim(), { onSuccess: () => setName(null) });
  }

  return (
    <tr>
      <td>
        {name === null ? (
          <Link className="row-link" to={`/studies?cohort=${cohort.id}`}>
            {cohort.name}
          </Link>
        ) : (
          <form onSubmit={submit} id={`rename-${cohort.id}`}>
            <TextInput
              aria-label={t("cohorts.name")}
              data-autofocus
              maxLength={120}
              value={name}
              error={rename.isError ? errorText(rename.error) : undefined}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          </form>
        )}
      </td>
      <td className="number">{number(cohort.studies)}</td>
      <td>
        <Link to={`/settings/protocol?cohort=${cohort.id}`}>{cohort.own_protocol ? t("cohorts.own") : t("cohorts.everybodys")}</Link>
      </td>
      <td>
        {name === null ? (
          <Button size="xs" variant="default" aria-label={t("cohorts.renameWho", { name: cohort.name })} onClick={() => setName(cohort.name)}>
            {t("cohorts.rename")}
          </Button>
        ) : (
          <Group gap={6} wrap="nowrap">
            <Button size="xs" type="submit" form={`rename-${cohort.id}`} loading={rename.isPending} disabled={!name.trim()}>
              {t("save")}
            </Button>
            <Button size="xs" variant="default" onClick={() => setName(null)}>
              {common("action.cancel")}
            </Button>
          </Group>
        )}
      </td>
    </tr>
  );
}

function NewCohort() {
  const { t } = useTranslation("settings");
  const errorText = useErrorText();
  const create = useCreateCohort();
  const [name, setName] = useState("");

  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate(name.trim(), { onSuccess: () => setName("") });
  }

  return (
    <form onSubmit={submit}>
      <Group align="flex-end" mb="md">
        <TextInput
          label={t("cohorts.new")}
          maxLength={120}
          w={280}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" disabled={!name.trim()} loading={create.isPending}>
          {t("cohorts.create")}
        </Button>
      </Group>
      {create.isError && (
        <Text role="alert" size="sm" c="var(--bad-text)" mb="md">
          {errorText(create.error)}
        </Text>
      )}
    </form>
  );
}
