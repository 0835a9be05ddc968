import type { FaultKind, FaultSpec } from './types.ts';

export type Faults = ReturnType<typeof createFaults>;

/** Switches for what goes wrong; each strikes `times` times, oldest first. */
export function createFaults(initial: FaultSpec[] = []) {
  let specs: (FaultSpec & { left: number })[] = [];
  const add = (spec: FaultSpec): void => {
    specs.push({ ...spec, left: spec.times ?? 1 });
  };
  initial.forEach(add);

  function matches(spec: FaultSpec, methods: string[]): boolean {
    if (spec.method === undefined) return !methods.some((name) => name === 'oauth' || name === 'download');
    const wanted = spec.method;
    if (typeof wanted === 'string') return methods.includes(wanted.toLowerCase());
    return methods.some((name) => wanted.test(name));
  }

  return {
    add,
    clear(): void {
      specs = [];
    },
    /** What is still to strike. */
    pending: (): FaultSpec[] => specs.filter((spec) => spec.left > 0),
    /** Takes the next fault for a request that calls these methods, or undefined. */
    take(methods: string[], kinds?: (kind: FaultKind) => boolean): FaultSpec | undefined {
      const found = specs.find(
        (spec) =>
          spec.left > 0 &&
          (kinds?.(spec.kind) ?? spec.kind !== 'run_without_tokens') &&
          matches(spec, methods),
      );
      if (found) found.left -= 1;
      return found;
    },
    takeRunWithoutTokens(): boolean {
      const found = specs.find((spec) => spec.left > 0 && spec.kind === 'run_without_tokens');
      if (found) found.left -= 1;
      return found !== undefined;
    },
  };
}
