export interface Measurement {
  readonly what: string;
  /** Milliseconds of one call. */
  readonly median: number;
  readonly p95: number;
  readonly runs: number;
}

const WARM_UP = 5;

/** Times a call again and again after a warm-up; one at a time, so that numbers compare within one run. */
export async function measure(
  what: string,
  runs: number,
  call: (index: number) => Promise<unknown>,
): Promise<Measurement> {
  for (let index = 0; index < Math.min(runs, WARM_UP); index++) await call(-1 - index);
  const times: number[] = [];
  for (let index = 0; index < runs; index++) times.push(await timeOf(() => call(index)));
  return { what, ...summary(times) };
}

/**
 * Times several calls in turn, after a warm-up: what else the machine does meanwhile meets all of them alike, so that
 * they compare with each other even on a busy one.
 */
export async function measureInTurn<Name extends string>(
  runs: number,
  calls: Record<Name, () => Promise<unknown>>,
): Promise<Record<Name, Measurement>> {
  const names = Object.keys(calls) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = -WARM_UP; round < runs; round++) {
    for (const name of names) {
      const time = await timeOf(calls[name]);
      if (round >= 0) times.get(name)!.push(time);
    }
  }
  const measured = {} as Record<Name, Measurement>;
  for (const name of names) measured[name] = { what: name, ...summary(times.get(name)!) };
  return measured;
}

/** Milliseconds. */
export async function timeOf(call: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await call();
  return performance.now() - started;
}

function summary(times: number[]): Omit<Measurement, 'what'> {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { median: at(0.5), p95: at(0.95), runs: sorted.length };
}
