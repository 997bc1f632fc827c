import { ApiError } from "../../api/client";
import type { Upload } from "../../api/types";

const ASK_MS = 2_000;
/** As many as the server answers in one call. */
const ASKED_AT_ONCE = 500;
/** Asked for so often without an answer, an arrival is lost. */
const UNHEARD = 3;

/** Asks the server, as long as films wait for the gate, what has become of them. */
export class GateWatch {
  /** By film: its arrival, and how often the server had nothing to say about it. */
  private readonly followed = new Map<number, { arrival: string; unheard: number }>();
  private planned = false;

  constructor(
    private readonly outcomes: (arrivals: readonly string[]) => Promise<readonly Upload[]>,
    private readonly onAnswer: (id: number, answer: Upload | null) => void,
    private readonly onError: (error: ApiError) => void,
  ) {}

  follow(id: number, arrival: string): void {
    this.followed.set(id, { arrival, unheard: 0 });
    this.plan();
  }

  forget(id: number): void {
    this.followed.delete(id);
  }

  askNow(): void {
    void this.ask();
  }

  private plan(): void {
    if (this.planned || this.followed.size === 0) return;
    this.planned = true;
    setTimeout(() => {
      this.planned = false;
      void this.ask();
    }, ASK_MS);
  }

  private async ask(): Promise<void> {
    const asked = [...this.followed].slice(0, ASKED_AT_ONCE);
    if (asked.length === 0) return;
    try {
      const answers = await this.outcomes(asked.map(([, { arrival }]) => arrival));
      const byArrival = new Map(answers.map((answer) => [answer.id, answer]));
      for (const [id, place] of asked) this.take(id, place, byArrival.get(place.arrival) ?? null);
    } catch (failure) {
      this.onError(failure instanceof ApiError ? failure : new ApiError("server_error", "No answer.", 0));
    }
    this.plan();
  }

  private take(id: number, place: { arrival: string; unheard: number }, answer: Upload | null): void {
    if (!this.followed.has(id)) return;
    if (answer?.outcome === "waiting") {
      // Behind the others, so that more than one call's worth of films take turns.
      this.followed.delete(id);
      this.followed.set(id, { ...place, unheard: 0 });
      return;
    }
    const unheard = place.unheard + 1;
    if (!answer && unheard < UNHEARD) {
      this.followed.set(id, { ...place, unheard });
      return;
    }
    this.followed.delete(id);
    this.onAnswer(id, answer);
  }
}
