/** Where each row begins, in pixels from the top of the list; one more than there are rows: the last is the end. */
export function tops(heightsPx: readonly number[]): readonly number[] {
  const at = [0];
  for (const height of heightsPx) at.push((at.at(-1) as number) + height);
  return at;
}

/** A few rows more than can be seen, so that a quick scroll shows no gap. */
const SPARE = 4;

/** The rows (first included, last not) that a view of some height shows when scrolled down so far. */
export function rowsInView(at: readonly number[], scrolledPx: number, viewPx: number): { first: number; last: number } {
  const rows = at.length - 1;
  const first = Math.max(0, rowAt(at, scrolledPx) - SPARE);
  const last = Math.min(rows, rowAt(at, scrolledPx + viewPx) + 1 + SPARE);
  return { first: Math.min(first, rows), last };
}

/** The row that holds a height; found by halving. */
function rowAt(at: readonly number[], px: number): number {
  let [low, high] = [0, Math.max(0, at.length - 2)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((at[middle] as number) <= px) low = middle;
    else high = middle - 1;
  }
  return low;
}
