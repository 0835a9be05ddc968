import { createHash } from 'node:crypto';
import { isFinal } from '../../../../app/domain/signing-status.ts';
import type { Signing } from '../../../../app/domain/signing.ts';
import type { Balance } from '../../../../app/ports/balance.ts';
import type { Employee, EmployeeStore } from '../../../../app/ports/employee-store.ts';
import type { FileStore } from '../../../../app/ports/file-store.ts';
import { DocumentRefused } from '../../../../app/ports/pdf-engine.ts';
import type { PdfEngine, RefusalReason } from '../../../../app/ports/pdf-engine.ts';
import type { RobotRun, RobotRunStore } from '../../../../app/ports/robot-run-store.ts';
import { DocumentLocked, RevisionConflict } from '../../../../app/ports/signing-store.ts';
import type { SigningStore } from '../../../../app/ports/signing-store.ts';

const unused = (): never => {
  throw new Error('not used by robots');
};

export function memoryRuns() {
  const all = new Map<string, RobotRun>();
  const change = (id: string, states: RobotRun['state'][], fields: Partial<RobotRun>): boolean => {
    const run = all.get(id);
    if (!run || !states.includes(run.state)) return false;
    all.set(id, { ...run, ...fields });
    return true;
  };
  const store: RobotRunStore = {
    add: async (run) => !all.has(run.id) && Boolean(all.set(run.id, run)),
    get: async (id) => all.get(id),
    wait: async (id, wait) => change(id, ['received'], { ...wait, state: 'waiting' }),
    answer: async (id, answer) => change(id, ['received', 'waiting'], { answer, state: 'answering' }),
    answered: async (id, at) => void change(id, ['answering'], { state: 'answered', answeredAt: at }),
    defer: async (id, attempts, dueAt) => {
      const run = all.get(id);
      if (run) all.set(id, { ...run, attempts, dueAt });
    },
    waitingFor: async (signingId) =>
      [...all.values()].filter(
        (run) => run.signingId === signingId && (run.state === 'waiting' || run.state === 'answering'),
      ),
    due: unused,
    purgePortal: unused,
  };
  return { all, store };
}

export function memorySignings() {
  const all = new Map<string, Signing>();
  const store: SigningStore = {
    create: async (signing) => {
      const existing = all.get(signing.id);
      if (existing) return existing;
      const refs = new Set(signing.documents.map((document) => document.ref));
      for (const other of all.values()) {
        const shares = other.documents.some((document) => refs.has(document.ref));
        if (other.portalId === signing.portalId && !isFinal(other.status) && shares)
          throw new DocumentLocked(other.id);
      }
      all.set(signing.id, signing);
      return signing;
    },
    get: async (id, portalId) => {
      const signing = all.get(id);
      return portalId === undefined || signing?.portalId === portalId ? signing : undefined;
    },
    save: async (signing) => {
      if (all.get(signing.id)?.revision !== signing.revision) throw new RevisionConflict(signing.id);
      const saved = { ...signing, revision: signing.revision + 1 };
      all.set(signing.id, saved);
      return saved;
    },
    findByDocument: async (portalId, ref) =>
      [...all.values()].findLast(
        (signing) =>
          signing.portalId === portalId && signing.documents.some((document) => document.ref === ref),
      ),
    list: unused,
    dueForEffects: unused,
    dueForExpiry: unused,
    openOfDeal: unused,
    openOfPortal: unused,
    purgePortal: unused,
    lease: unused,
    releaseLease: unused,
  };
  return { all, store };
}

export function memoryBalance(credits: number) {
  const reservations = new Map<string, number>();
  const state = { available: credits, reserved: 0, spent: 0 };
  const store: Balance = {
    show: async () => ({ ...state }),
    reserve: async (_portalId, signingId, count) => {
      if (reservations.has(signingId)) return true;
      if (state.available < count) return false;
      reservations.set(signingId, count);
      state.available -= count;
      state.reserved += count;
      return true;
    },
    release: async (_portalId, signingId) => {
      const held = reservations.get(signingId) ?? 0;
      reservations.delete(signingId);
      state.available += held;
      state.reserved -= held;
    },
    open: unused,
    grant: unused,
    settle: unused,
    releaseAll: unused,
    purgePortal: unused,
  };
  return { state, reservations, store };
}

export function memoryEmployees(list: readonly Employee[]) {
  const all = new Map(list.map((employee) => [employee.userId, employee]));
  const store: EmployeeStore = {
    get: async (_portalId, userId) => all.get(userId),
    list: async () => [...all.values()],
    save: unused,
    remove: unused,
    purgePortal: unused,
  };
  return { all, store };
}

export function memoryFiles() {
  const all = new Map<string, Uint8Array>();
  const store: FileStore = {
    put: async (id, bytes) => {
      if (!all.has(id)) all.set(id, bytes);
    },
    get: async (id) => all.get(id) ?? unused(),
    getRange: unused,
    has: async (id) => all.has(id),
    factsOf: unused,
    remove: unused,
    purgePortal: unused,
  };
  return { all, store };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Takes any text as a PDF of three pages; `REFUSE damaged` is refused as damaged. */
export const pdfDouble: Pick<PdfEngine, 'prepareBundle'> = {
  prepareBundle: async ({ parts }) => {
    for (const [index, part] of parts.entries()) {
      const [, reason] = /^REFUSE (\w+)$/.exec(Buffer.from(part.bytes).toString()) ?? [];
      if (reason) throw new DocumentRefused(reason as RefusalReason, index);
    }
    const pdf = Buffer.concat(parts.map((part) => part.bytes));
    return {
      pdf,
      pages: 3 * parts.length,
      sha256: sha256(pdf),
      pageSizes: Array.from({ length: 3 * parts.length }, () => ({ width: 595, height: 842 })),
      anchors: [],
      parts: parts.map(({ name, bytes }, index) => ({
        name,
        sha256: sha256(bytes),
        firstPage: 3 * index + 1,
        pages: 3,
      })),
      alreadySigned: false,
      warnings: [],
    };
  },
};
