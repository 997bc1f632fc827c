import { Button, Group, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconKey, IconUserPlus, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { usePeople } from "../../api/people";
import { useSession } from "../../api/session";
import type { ManagedPerson } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Mark } from "../../panels/badges";
import { Card } from "../../panels/Card";
import { Empty } from "../../panels/Empty";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { OneTimePassword } from "./OneTimePassword";
import { PersonDialog } from "./PersonDialog";

export function Component() {
  const { t } = useTranslation("settings");
  const people = usePeople();
  const [edited, setEdited] = useState<ManagedPerson | "new" | null>(null);
  const [reset, setReset] = useState<ManagedPerson | null>(null);
  const rows = people.data?.results ?? [];
  const add = (
    <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setEdited("new")}>
      {t("people.add")}
    </Button>
  );
  return (
    <Page title={t("people.title")} intro={t("people.intro")} actions={rows.length > 0 && add}>
      <Card>
        {people.isPending && <RowsLoading rows={6} height={36} />}
        {people.isError && !people.data && <Failure error={people.error} retry={() => void people.refetch()} />}
        {people.isSuccess && rows.length === 0 && (
          <Empty icon={IconUsers} title={t("people.emptyTitle")} text={t("people.emptyText")} action={add} />
        )}
        {rows.length > 0 && (
          <div className="table-wrap">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t("people.name")}</th>
                  <th scope="col">{t("people.roles")}</th>
                  <th scope="col">{t("people.account")}</th>
                  <th scope="col">{t("people.lastSeen")}</th>
                  <th scope="col">{t("people.change")}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((person) => (
                  <PersonRow key={person.id} person={person} onEdit={() => setEdited(person)} onReset={() => setReset(person)} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
      {edited && <PersonDialog person={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
      {reset && <OneTimePassword person={reset} onClose={() => setReset(null)} />}
    </Page>
  );
}

function PersonRow({ person, onEdit, onReset }: { person: ManagedPerson; onEdit: () => void; onReset: () => void }) {
  const { t } = useTranslation("settings");
  const { t: common } = useTranslation();
  const { user } = useSession();
  const { dateTime } = useFormat();
  return (
    <tr>
      <td>
        <b>{person.display_name || person.username}</b>
        <Text size="xs" c="dimmed">
          {person.username}
        </Text>
      </td>
      <td>
        <Group gap={6}>
          {person.roles.map((role) => (
            <Mark key={role} tone="accent">
              {common(`role.${role}`)}
            </Mark>
          ))}
        </Group>
      </td>
      <td>
        {person.is_active ? (
          <Mark tone="good" icon={IconCircleCheck} plain>
            {t("people.active")}
          </Mark>
        ) : (
          <Mark tone="quiet" icon={IconCircleX} plain>
            {t("people.inactive")}
          </Mark>
        )}
        {person.must_change_password && (
          <Mark tone="warn" icon={IconKey} plain>
            {t("people.mustChoose")}
          </Mark>
        )}
      </td>
      <td>{person.last_seen_at ? dateTime(person.last_seen_at) : t("people.never")}</td>
      <td>
        <Group gap={6} wrap="nowrap">
          <Button size="xs" variant="default" onClick={onEdit} aria-label={t("people.editWho", { name: person.username })}>
            {t("people.edit")}
          </Button>
          {user?.id !== person.id && (
            <Button size="xs" variant="default" onClick={onReset} aria-label={t("people.resetWho", { name: person.username })}>
              {t("people.reset")}
            </Button>
          )}
        </Group>
      </td>
    </tr>
  );
}
