import type { Connection } from 'mongoose';
import type { RobotRun, RobotRunStore } from '../ports/robot-run-store.ts';
import type { Secrets } from '../ports/secrets.ts';
import { insertOnce } from './insert-once.ts';
import { robotRunModel } from './models/robot-run-model.ts';
import type { RobotRunRecord } from './models/robot-run-model.ts';
import { fromEntries, toEntries } from './open-record.ts';
import { toPlain } from './to-plain.ts';

/** Robot runs. Every change of state names the state it starts from, so of two callers one wins and the other is told. */
export function createRobotRunStore({
  connection,
  secrets,
}: {
  connection: Connection;
  secrets: Secrets;
}): RobotRunStore {
  const runs = robotRunModel.on(connection);
  const contextOf = (id: string): string => `event-token:${id}`;

  const toRecord = ({ id, eventToken, request, answer, ...rest }: RobotRun): RobotRunRecord =>
    toPlain({
      _id: id,
      ...rest,
      sealedEventToken: secrets.seal(eventToken, contextOf(id)),
      request: { ...request, properties: toEntries(request.properties) },
      answer: answer && { ...answer, values: toEntries(answer.values) },
    });

  const toRun = ({ _id, sealedEventToken, request, answer, ...rest }: RobotRunRecord): RobotRun =>
    toPlain({
      id: _id,
      ...rest,
      eventToken: secrets.open(sealedEventToken, contextOf(_id)),
      request: { ...request, properties: fromEntries(request.properties) },
      answer: answer && { ...answer, values: fromEntries(answer.values) },
    });

  return {
    add: (run) => insertOnce(runs, toRecord(run)),
    get: async (id) => {
      const record = await runs.findOne({ _id: id }).lean();
      return record ? toRun(record) : undefined;
    },
    wait: async (id, { signingId, returnWhen, waitUntil, knownStatus, note }) => {
      const result = await runs.updateOne(
        { _id: id, state: 'received' },
        { $set: { state: 'waiting', signingId, returnWhen, waitUntil, knownStatus, note } },
      );
      return result.matchedCount === 1;
    },
    answer: async (id, { values, logMessage }) => {
      const result = await runs.updateOne(
        { _id: id, state: { $in: ['received', 'waiting'] } },
        { $set: { state: 'answering', answer: { values: toEntries(values), logMessage } } },
      );
      return result.matchedCount === 1;
    },
    answered: async (id, at) => {
      await runs.updateOne({ _id: id, state: 'answering' }, { $set: { state: 'answered', answeredAt: at } });
    },
    defer: async (id, attempts, dueAt) => {
      await runs.updateOne({ _id: id }, { $set: { attempts, dueAt } });
    },
    waitingFor: async (signingId) => {
      const records = await runs.find({ signingId, state: { $in: ['waiting', 'answering'] } }).lean();
      return records.map(toRun);
    },
    due: async (now, limit) => {
      // Two queries rather than one `$or`: each is a range of its own index.
      const [ready, overdue] = await Promise.all([
        runs
          .find({ state: { $in: ['received', 'answering'] }, dueAt: { $lte: now } }, { dueAt: 1 })
          .sort({ dueAt: 1 })
          .limit(limit)
          .lean(),
        runs
          .find({ state: 'waiting', waitUntil: { $lte: now } }, { waitUntil: 1 })
          .sort({ waitUntil: 1 })
          .limit(limit)
          .lean(),
      ]);
      return [
        ...ready.map((run) => ({ id: run._id, at: run.dueAt.getTime() })),
        ...overdue.map((run) => ({ id: run._id, at: run.waitUntil?.getTime() ?? 0 })),
      ]
        .sort((a, b) => a.at - b.at)
        .slice(0, limit)
        .map((run) => run.id);
    },
    purgePortal: async (portalId) => (await runs.deleteMany({ portalId })).deletedCount,
  };
}
