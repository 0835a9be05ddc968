import { Schema } from 'mongoose';
import type { Employee } from '../../ports/employee-store.ts';
import { defineModel, schemaOptions } from './define-model.ts';

export interface EmployeeRecord extends Employee {
  /** Portal and user. */
  readonly _id: string;
}

const schema = new Schema<EmployeeRecord>(
  {
    _id: String,
    portalId: String,
    userId: String,
    name: String,
    email: String,
    position: String,
    canSign: Boolean,
    canSend: Boolean,
    blocked: Boolean,
    signature: Schema.Types.Mixed,
    stamp: Schema.Types.Mixed,
    mandate: Schema.Types.Mixed,
    updatedAt: Date,
  },
  schemaOptions,
);
schema.index({ portalId: 1, name: 1 });

export const employeeModel = defineModel('employees', schema);
