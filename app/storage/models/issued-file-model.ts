import { Schema } from 'mongoose';
import type { IssuedFile } from '../../ports/issued-file-store.ts';
import { defineModel, schemaOptions } from './define-model.ts';

export interface IssuedFileRecord extends Omit<IssuedFile, 'sha256'> {
  /** SHA-256, lower-case hex. */
  readonly _id: string;
}

const schema = new Schema<IssuedFileRecord>(
  { _id: String, signingId: String, kind: String, issuedAt: Date },
  schemaOptions,
);

export const issuedFileModel = defineModel('issued_files', schema);
