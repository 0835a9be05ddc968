export interface FileStore {
  /**
   * Stores bytes under an id chosen by the caller; the same id again is not an error and keeps what is there, so a job
   * that stores a file may run twice.
   */
  put(id: string, bytes: Uint8Array, about: { portalId: string; name: string; type: string }): Promise<void>;
  /** @throws Error with code `FILE_NOT_FOUND` */
  get(id: string): Promise<Uint8Array>;
  has(id: string): Promise<boolean>;
  remove(id: string): Promise<void>;
  purgePortal(portalId: string): Promise<number>;
}
