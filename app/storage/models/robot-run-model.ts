import { Schema } from 'mongoose';
import type { ReturnValues, RobotRun, RobotRunRequest } from '../../ports/robot-run-store.ts';
import type { Entry } from '../open-record.ts';
import { defineModel, schemaOptions } from './define-model.ts';

export interface RobotRunRecord extends Omit<RobotRun, 'id' | 'eventToken' | 'request' | 'answer'> {
  readonly _id: string;
  readonly sealedEventToken: string;
  readonly request: Omit<RobotRunRequest, 'properties'> & {
    readonly properties: readonly Entry<string | readonly string[]>[];
  };
  readonly answer?: { readonly values: readonly Entry<ReturnValues[string]>[]; readonly logMessage: string };
}

const schema = new Schema<RobotRunRecord>(
  {
    _id: String,
    portalId: String,
    robot: String,
    state: String,
    receivedAt: Date,
    request: Schema.Types.Mixed,
    sealedEventToken: String,
    attempts: Number,
    dueAt: Date,
    signingId: String,
    returnWhen: String,
    knownStatus: Number,
    note: String,
    waitUntil: Date,
    answer: Schema.Types.Mixed,
    answeredAt: Date,
  },
  schemaOptions,
);
schema.index({ state: 1, dueAt: 1 });
schema.index({ state: 1, waitUntil: 1 });
schema.index({ signingId: 1, state: 1 });
schema.index({ portalId: 1 });
// Nobody asks for a run that was answered half a year ago, and the portal never delivers it again.
schema.index({ answeredAt: 1 }, { expireAfterSeconds: 180 * 86_400 });

export const robotRunModel = defineModel('robot_runs', schema);
