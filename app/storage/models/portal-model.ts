import { Schema } from 'mongoose';
import type { PortalInstallation } from '../../ports/portal-store.ts';
import { defineModel, schemaOptions } from './define-model.ts';

export interface PortalRecord extends Omit<PortalInstallation, 'id' | 'applicationToken' | 'tokens'> {
  readonly _id: string;
  /** Empty until the portal told it. */
  readonly sealedApplicationToken: string;
  readonly tokens?: {
    readonly userId: string;
    /** Access and refresh token together. */
    readonly sealed: string;
    readonly expiresAt: Date;
  };
}

const schema = new Schema<PortalRecord>(
  {
    _id: String,
    domain: String,
    clientEndpoint: String,
    serverEndpoint: String,
    sealedApplicationToken: String,
    state: String,
    language: String,
    version: String,
    scope: String,
    features: Schema.Types.Mixed,
    tokens: Schema.Types.Mixed,
    installedAt: Date,
    updatedAt: Date,
  },
  schemaOptions,
);
schema.index({ domain: 1, updatedAt: -1 });

export const portalModel = defineModel('portals', schema);
