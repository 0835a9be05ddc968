import type { Request, Response } from 'express';
import type { PortalContext } from '../context.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { FaultSpec, StandInPortalOptions } from '../types.ts';
import { admit, authorize } from './authorize.ts';
import { batchMembers, runBatch } from './batch.ts';
import { answerDownload, isDownload } from './downloads.ts';
import { asPhpJson, errorBody, timeOf } from './envelope.ts';
import { isMemberFault, memberFaultError, strike } from './fault-answers.ts';
import type { Answer, Call } from './method.ts';
import { methodTable } from './method-table.ts';
import { parseRestRequest, type RestRequest } from './request.ts';
import { RestError } from './rest-error.ts';

/** Everything under `/rest/`. */
export function createDispatcher(portal: PortalContext, rateLimit: StandInPortalOptions['rateLimit']) {
  const limit = createRateLimit(rateLimit ?? { burst: 50, perSecond: 2 });
  const table = methodTable();

  async function callOne(
    name: string,
    params: Record<string, unknown>,
    who: Omit<Call, 'params'>,
    inBatch: boolean,
  ): Promise<Answer> {
    const call: Call = { ...who, params };
    const record = (status: number, error?: string) =>
      portal.recorder.record({
        method: name,
        params,
        at: portal.clock.now(),
        status,
        error,
        userId: call.user.id,
        clientId: call.app?.descriptor.clientId ?? null,
        inBatch,
      });
    try {
      if (inBatch) {
        const fault = portal.faults.take([name], isMemberFault);
        if (fault) throw memberFaultError(portal, fault);
      }
      const answer = await admit(portal, table[name], call).run(call);
      record(200);
      return answer;
    } catch (error) {
      if (error instanceof RestError) record(error.status, error.code);
      else record(500, 'INTERNAL_SERVER_ERROR');
      throw error;
    }
  }

  async function answer(request: RestRequest, res: Response): Promise<Record<string, unknown>> {
    const startedAt = portal.clock.now();
    if (request.isVersion3) throw new RestError('ERROR_METHOD_NOT_FOUND', 'REST 3.0 is not served here', 404);
    const who = {
      portal,
      ...authorize(portal, request.token),
      afterRequest: (job: () => void) => void res.once('close', () => portal.queue.background(job)),
    };
    if (request.method !== 'batch') {
      const { result, total, next } = await callOne(request.method, request.params, who, false);
      return { result, total, next, time: timeOf(portal.clock, startedAt) };
    }
    const { result } = await runBatch(request.params, async (name, params) => {
      const one = await callOne(name, params, who, true);
      return { ...one, time: timeOf(portal.clock, startedAt) };
    });
    return { result, time: timeOf(portal.clock, startedAt) };
  }

  async function respond(request: RestRequest, res: Response): Promise<{ status: number; body: unknown }> {
    try {
      return { status: 200, body: asPhpJson(await answer(request, res)) };
    } catch (error) {
      if (error instanceof RestError) return { status: error.status, body: errorBody(error) };
      return {
        status: 500,
        body: {
          error: 'INTERNAL_SERVER_ERROR',
          error_description: error instanceof Error ? error.stack : '',
        },
      };
    }
  }

  return async function dispatch(req: Request, res: Response): Promise<void> {
    res.set({ 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' });
    if (req.method === 'OPTIONS') {
      res.set('access-control-allow-methods', 'GET, POST, OPTIONS').sendStatus(200);
      return;
    }
    portal.recorder.requests += 1;
    const request = parseRestRequest(req);
    const fault = takeFault(request);
    if (!limit.admit(req.socket.remoteAddress ?? '')) {
      res.status(503).json({ error: 'QUERY_LIMIT_EXCEEDED', error_description: 'Too many requests' });
      return;
    }
    if (fault && strike(portal, fault, req, res)) return;
    if (isDownload(request.method)) {
      answerDownload(portal, request, res);
      return;
    }
    const { status, body } = await respond(request, res);
    if (fault?.kind === 'answer_lost') {
      req.socket.resetAndDestroy();
      return;
    }
    if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms ?? 100));
    res.status(status).json(body);
  };

  /** Faults of the request as a whole; those that fit one member of a batch are left to it. */
  function takeFault(request: RestRequest): FaultSpec | undefined {
    if (isDownload(request.method)) return portal.faults.take(['download', request.method]);
    const own = portal.faults.take([request.method]);
    if (own || request.method !== 'batch') return own;
    const members = batchMembers(request.params).map((one) => one.method);
    return portal.faults.take(members, (kind) => kind !== 'run_without_tokens' && !isMemberFault(kind));
  }
}
