import { useEffect, useRef } from "react";

import { NO_EFFORT, acted, stirred, type Effort } from "../../core/effort";

export interface EffortLog {
  /** One action: a key, a click or a drag that works on the boxes. */
  act(): void;
  read(): Effort;
}

/** Counts actions and the seconds in which somebody was there. */
export function useEffort(): EffortLog {
  const effort = useRef(NO_EFFORT);
  useEffect(() => {
    const stir = () => {
      effort.current = stirred(effort.current, Date.now());
    };
    stir();
    const events = ["pointermove", "keydown", "wheel"] as const;
    events.forEach((name) => window.addEventListener(name, stir, { passive: true }));
    return () => events.forEach((name) => window.removeEventListener(name, stir));
  }, []);
  return useRef<EffortLog>({
    act: () => {
      effort.current = acted(effort.current, Date.now());
    },
    read: () => stirred(effort.current, Date.now()),
  }).current;
}
