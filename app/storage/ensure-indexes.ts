import type { IndexDescription } from 'mongodb';
import type { Connection, IndexDefinition, IndexOptions } from 'mongoose';
import { BUCKET } from './create-file-store.ts';
import { rateModel } from './create-rate-counter.ts';
import { balanceModel } from './models/balance-model.ts';
import { certificateModel } from './models/certificate-model.ts';
import { employeeModel } from './models/employee-model.ts';
import { issuedFileModel } from './models/issued-file-model.ts';
import { lockModel } from './models/lock-model.ts';
import { portalModel } from './models/portal-model.ts';
import { restLogModel } from './models/rest-log-model.ts';
import { robotRunModel } from './models/robot-run-model.ts';
import { settingsModel } from './models/settings-model.ts';
import { signingModel } from './models/signing-model.ts';
import { storedFileModel } from './models/stored-file-model.ts';

const MODELS = [
  balanceModel,
  certificateModel,
  employeeModel,
  issuedFileModel,
  lockModel,
  portalModel,
  rateModel,
  restLogModel,
  robotRunModel,
  settingsModel,
  signingModel,
  storedFileModel,
];

/** Without mongoose's `background`, which servers have ignored since 4.2 and our embedded store refuses. */
const toIndex = ([key, { background: _background, ...options }]: [
  IndexDefinition,
  IndexOptions,
]): IndexDescription => ({ key, ...options }) as IndexDescription;

/** Every index of every collection; the unique ones are part of what the stores promise. Harmless to repeat. */
export async function ensureIndexes(connection: Connection): Promise<void> {
  const { db } = connection;
  if (!db) throw new Error('the connection is not open');
  const wanted = MODELS.map((model) => ({
    collection: model.collection,
    indexes: model.schema.indexes().map(toIndex),
  }));
  wanted.push({ collection: `${BUCKET}.files`, indexes: [{ key: { 'metadata.portalId': 1 } }] });
  for (const { collection, indexes } of wanted) {
    if (indexes.length > 0) await db.collection(collection).createIndexes(indexes);
  }
}
