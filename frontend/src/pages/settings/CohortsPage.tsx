import { Button, Group, Text, TextInput } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useCohorts, useCreateCohort } from "../../api/snapshots";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";
import { Empty } from "../../panels/Empty";
import { useErrorText } from "../../panels/errorText";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";

export function Component() {
  const { t } = useTranslation("settings");
  const { number } = useFormat();
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
              </tr>
            </thead>
            <tbody>
              {rows.map((cohort) => (
                <tr key={cohort.id}>
                  <td>
                    <Link className="row-link" to={`/studies?cohort=${cohort.id}`}>
                      {cohort.name}
                    </Link>
                  </td>
                  <td className="number">{number(cohort.studies)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Card>
    </Page>
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
