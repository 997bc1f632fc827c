import { Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { BoxSetItem, FilmItem } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { PriorityMark, SyntheticBadge } from "../../panels/badges";
import { personName } from "../../panels/personName";

/** Films that wait, each with its picture and the one thing to do; nothing at all where none waits. */
export function ItemTable<Item extends FilmItem>({
  title,
  items,
  action,
}: {
  title: string;
  items: readonly Item[];
  action: (item: Item) => ReactNode;
}) {
  if (items.length === 0) return null;
  return (
    <section aria-label={title}>
      <Text size="sm" fw={600} mt="sm" mb={4}>
        {title}
      </Text>
      <div className="table-wrap" style={{ maxHeight: 420, overflowY: "auto" }}>
        <table className="table">
          <tbody>
            {items.map((item) => (
              <tr key={item.radiograph}>
                <td style={{ width: 64 }}>
                  <img className="thumb" src={item.thumbnail_url} alt="" loading="lazy" width={44} height={44} />
                </td>
                <td>
                  <Group gap={8}>
                    <Link className="row-link" to={`/studies/${item.study}`}>
                      {item.pseudonym}
                    </Link>
                    {item.priority !== "normal" && <PriorityMark priority={item.priority} />}
                    {item.synthetic && <SyntheticBadge />}
                  </Group>
                  {isBoxSet(item) && <About item={item} />}
                </td>
                <td style={{ width: 120, textAlign: "right" }}>{action(item)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const isBoxSet = (item: FilmItem): item is BoxSetItem => "box_set" in item;

function About({ item }: { item: BoxSetItem }) {
  const { t } = useTranslation("work");
  const { dateTime } = useFormat();
  return (
    <>
      {item.reason && <Text size="sm">{item.reason}</Text>}
      <Text size="xs" c="dimmed">
        {[personName(item.author), t("version", { version: item.version }), dateTime(item.since)].filter(Boolean).join(" · ")}
      </Text>
    </>
  );
}
