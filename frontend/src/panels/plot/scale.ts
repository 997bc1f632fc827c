/** A linear axis: where a value lies on the picture, and back. */
export interface Scale {
  (value: number): number;
  invert(position: number): number;
  readonly domain: readonly [number, number];
}

export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [d0, d1] = domain;
  const [r0, r1] = range;
  const factor = (r1 - r0) / (d1 - d0 || 1);
  const scale = (value: number) => r0 + (value - d0) * factor;
  return Object.assign(scale, { invert: (position: number) => d0 + (position - r0) / factor, domain });
}

/** About `count` round values inside the domain: steps of 1, 2 or 5 times a power of ten. */
export function ticks([from, to]: readonly [number, number], count = 6): number[] {
  const span = to - from;
  if (!(span > 0)) return [from];
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** The index of the point that is nearest to a place, within a reach; -1 without one. */
export function nearest(xs: readonly number[], ys: readonly number[], x: number, y: number, reach: number): number {
  let found = -1;
  let least = reach * reach;
  for (let i = 0; i < xs.length; i++) {
    const away = ((xs[i] ?? NaN) - x) ** 2 + ((ys[i] ?? NaN) - y) ** 2;
    if (away <= least) {
      least = away;
      found = i;
    }
  }
  return found;
}
