import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { RoomHeader } from "./RoomHeader";
import { useDarkRoom } from "./useDarkRoom";
import "./room.css";

interface Props {
  readonly title: string;
  readonly heading: string;
  readonly text?: string | undefined;
  readonly children?: ReactNode;
  readonly testId: string;
}

/** A film room without a film: nothing left, not found, not yet. */
export function RoomMessage({ title, heading, text, children, testId }: Props) {
  useDarkRoom();
  const { t } = useTranslation("workbench");
  return (
    <main className="room" data-testid={testId}>
      <RoomHeader title={title} synthetic={false} />
      <div className="room-center">
        <div role="status">
          <h2>{heading}</h2>
          {text && <p>{text}</p>}
          {children ?? (
            <Link className="room-button" data-main to="/">
              {t("label.home")}
            </Link>
          )}
        </div>
      </div>
    </main>
  );
}
