import type { Connection } from 'mongoose';
import type { Employee, EmployeeStore } from '../ports/employee-store.ts';
import { employeeModel } from './models/employee-model.ts';
import type { EmployeeRecord } from './models/employee-model.ts';
import { toPlain } from './to-plain.ts';

const idOf = (portalId: string, userId: string): string => `${portalId}/${userId}`;
const toEmployee = ({ _id, ...employee }: EmployeeRecord): Employee => toPlain(employee);

/** Employees, listed by name. */
export function createEmployeeStore({ connection }: { connection: Connection }): EmployeeStore {
  const employees = employeeModel.on(connection);
  return {
    get: async (portalId, userId) => {
      const record = await employees.findOne({ _id: idOf(portalId, userId) }).lean();
      return record ? toEmployee(record) : undefined;
    },
    list: async (portalId) => {
      const records = await employees.find({ portalId }).sort({ name: 1 }).lean();
      return records.map(toEmployee);
    },
    save: async (employee) => {
      const { portalId, userId } = employee;
      await employees.replaceOne({ _id: idOf(portalId, userId) }, toPlain(employee), { upsert: true });
    },
    remove: async (portalId, userId) => {
      await employees.deleteOne({ _id: idOf(portalId, userId) });
    },
    purgePortal: async (portalId) => (await employees.deleteMany({ portalId })).deletedCount,
  };
}
