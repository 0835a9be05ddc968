export interface Measurement {
  readonly what: string;
  /** Milliseconds of one call. */
  readonly median: number;
  readonly p95: number;
  readonly runs: number;
}

/** Times a call again and again after a warm-up; one at a time, so that numbers compare within one run. */
export async function measure(
  what: string,
  runs: number,
  call: (index: number) => Promise<unknown>,
): Promise<Measurement> {
  for (let index = 0; index < Math.min(runs, 5); index++) await call(-1 - index);
  const times: number[] = [];
  for (let index = 0; index < runs; index++) {
    const started = performance.now();
    await call(index);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const at = (part: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  return { what, median: at(0.5), p95: at(0.95), runs };
}
