/** Counts events in fixed windows of time, shared by all processes. */
export interface RateCounter {
  /**
   * Counts one more event.
   * @param key what is limited and whose (`code:<signing>`); no addresses or tokens in clear
   * @param windowS length of a window in seconds
   * @returns how many there were in the current window, this one included
   */
  hit(key: string, windowS: number): Promise<number>;
}
