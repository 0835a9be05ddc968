/** The leaky bucket of section "limits": `burst` requests fit, `perSecond` drain; one bucket per source address. */
export function createRateLimit(settings: { burst: number; perSecond: number } | false) {
  const buckets = new Map<string, { level: number; at: number }>();
  return {
    /** Counts a request; false = too many. Real time: a client's back-off is in real time too. */
    admit(address: string): boolean {
      if (settings === false) return true;
      const now = performance.now();
      const bucket = buckets.get(address) ?? { level: 0, at: now };
      bucket.level = Math.max(0, bucket.level - ((now - bucket.at) / 1000) * settings.perSecond);
      bucket.at = now;
      buckets.set(address, bucket);
      if (bucket.level + 1 > settings.burst) return false;
      bucket.level += 1;
      return true;
    },
  };
}
