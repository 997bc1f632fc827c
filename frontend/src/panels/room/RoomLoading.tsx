import "./room.css";

import { RoomHeader } from "./RoomHeader";
import { useDarkRoom } from "./useDarkRoom";

/** The room's own shape while its film comes, so that nothing jumps. */
export function RoomLoading({ title, text }: { readonly title: string; readonly text: string }) {
  useDarkRoom();
  return (
    <main className="room" aria-busy="true" data-testid="room-loading">
      <RoomHeader title={title} synthetic={false} />
      <section className="room-film">
        <div className="film-skeleton" style={{ aspectRatio: "4 / 5" }} role="status" aria-label={text} />
      </section>
      <aside className="room-side" />
      <footer className="room-footer" />
    </main>
  );
}
