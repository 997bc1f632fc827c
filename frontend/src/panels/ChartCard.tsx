import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChartLine, IconTable } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Card } from "./Card";

/** A chart that always has its numbers behind it, one click away. */
export function ChartCard({
  title,
  intro,
  columns,
  rows,
  tools,
  children,
}: {
  title: ReactNode;
  intro?: ReactNode;
  columns: readonly string[];
  /** Written when they are looked at. */
  rows: () => readonly (readonly ReactNode[])[];
  tools?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const [asTable, { toggle }] = useDisclosure(false);
  return (
    <Card
      title={title}
      intro={intro}
      tools={
        <>
          {tools}
          <Button
            size="compact-xs"
            variant="subtle"
            aria-pressed={asTable}
            onClick={toggle}
            leftSection={asTable ? <IconChartLine size={14} aria-hidden /> : <IconTable size={14} aria-hidden />}
          >
            {asTable ? t("chart.chart") : t("chart.table")}
          </Button>
        </>
      }
    >
      {asTable ? <DataTable columns={columns} rows={rows()} /> : children}
    </Card>
  );
}

function DataTable({ columns, rows }: { columns: readonly string[]; rows: readonly (readonly ReactNode[])[] }) {
  return (
    <div className="table-wrap" style={{ maxHeight: 360, overflowY: "auto" }} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr key={row}>
              {cells.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
