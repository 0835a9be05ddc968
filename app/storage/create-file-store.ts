import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GridFSBucket } from 'mongodb';
import type { ObjectId } from 'mongodb';
import type { Connection } from 'mongoose';
import type { FileStore } from '../ports/file-store.ts';
import { insertOnce } from './insert-once.ts';
import { storedFileModel } from './models/stored-file-model.ts';
import { toPlain } from './to-plain.ts';

export const BUCKET = 'files';
const CHUNK_BYTES = 1 << 20;

/** There is no file of that id (any more). */
export class FileNotFound extends Error {
  readonly code = 'FILE_NOT_FOUND';
  readonly retryable = false;
  constructor(id: string) {
    super(`there is no file ${id}`);
    this.name = 'FileNotFound';
  }
}

/**
 * Files in GridFS. Every upload goes into a GridFS file of its own, and one small document binds it to the caller's id
 * when it is complete: of two uploads under one id the first to be bound stays and the other one's bytes are deleted. With
 * the caller's id as the GridFS id they would mix their chunks, and one that is broken off would delete the other's.
 */
export function createFileStore({ connection }: { connection: Connection }): FileStore {
  const files = storedFileModel.on(connection);
  const { db } = connection;
  if (!db) throw new Error('the connection is not open');
  const bucket = new GridFSBucket(db, { bucketName: BUCKET, chunkSizeBytes: CHUNK_BYTES });

  async function upload(id: string, bytes: Uint8Array, portalId: string): Promise<ObjectId> {
    const target = bucket.openUploadStream(id, { metadata: { portalId } });
    await pipeline(Readable.from([Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)]), target);
    return target.id;
  }

  const bindingOf = (id: string) => files.findOne({ _id: id }).lean();

  async function read(id: string, start: number, end: number): Promise<Uint8Array> {
    const bound = await bindingOf(id);
    if (!bound) throw new FileNotFound(id);
    const to = Math.min(end, bound.size);
    // GridFS refuses an empty part.
    if (start >= to) return new Uint8Array(0);
    const bytes = new Uint8Array(to - start);
    let length = 0;
    const chunks: AsyncIterable<Buffer> = bucket.openDownloadStream(bound.gridId, { start, end: to });
    for await (const chunk of chunks) {
      bytes.set(chunk, length);
      length += chunk.length;
    }
    return bytes;
  }

  /** The bytes may be gone already, or never have been complete. */
  const removeBytes = async (gridId: ObjectId): Promise<void> => {
    await bucket.delete(gridId).catch(async (error: unknown) => {
      if ((await bucket.find({ _id: gridId }).toArray()).length > 0) throw error;
    });
  };

  return {
    put: async (id, bytes, { portalId, name, type, facts }) => {
      if (await bindingOf(id)) return;
      const gridId = await upload(id, bytes, portalId);
      // A fault here leaves bytes that nothing is bound to; the job's next try uploads again, and a purge finds them.
      const bound = await insertOnce(files, {
        _id: id,
        gridId,
        portalId,
        name,
        type,
        size: bytes.byteLength,
        ...(facts && { facts: toPlain(facts) }),
      });
      // Taken: by somebody else, or by this very write, sent twice by the driver.
      if (!bound && !(await bindingOf(id))?.gridId.equals(gridId)) await removeBytes(gridId);
    },
    get: (id) => read(id, 0, Infinity),
    getRange: read,
    factsOf: async (id) => {
      const facts = (await bindingOf(id))?.facts;
      return facts && toPlain(facts);
    },
    has: async (id) => (await files.exists({ _id: id })) !== null,
    remove: async (id) => {
      const bound = await files.findOneAndDelete({ _id: id }).lean();
      if (bound) await removeBytes(bound.gridId);
    },
    purgePortal: async (portalId) => {
      const { deletedCount } = await files.deleteMany({ portalId });
      // By metadata, so that uploads that were broken off before they were bound go too.
      for await (const file of bucket.find({ 'metadata.portalId': portalId })) await removeBytes(file._id);
      return deletedCount;
    },
  };
}
