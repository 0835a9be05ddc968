/** What its maker knew of a file and nobody could read from its bytes with certainty later. */
export type FileFacts = Readonly<Record<string, string | number | Date | undefined>>;

export interface FileStore {
  /**
   * Stores bytes under an id chosen by the caller; the same id again is not an error and keeps what is there, so a job
   * that stores a file may run twice.
   */
  put(
    id: string,
    bytes: Uint8Array,
    about: { portalId: string; name: string; type: string; facts?: FileFacts },
  ): Promise<void>;
  /** @throws Error with code `FILE_NOT_FOUND` */
  get(id: string): Promise<Uint8Array>;
  /**
   * A part of a file, without the rest being read: bytes from `start` up to, not including, `end`, both counted from 0.
   * What lies behind the end of the file is left out.
   * @throws Error with code `FILE_NOT_FOUND`
   */
  getRange(id: string, start: number, end: number): Promise<Uint8Array>;
  has(id: string): Promise<boolean>;
  /** What was given with the bytes that are stored; undefined when nothing was, or there is no such file. */
  factsOf(id: string): Promise<FileFacts | undefined>;
  remove(id: string): Promise<void>;
  purgePortal(portalId: string): Promise<number>;
}
