import express from 'express';
import type { Router } from 'express';
import { contextOf } from './request-context.ts';
import { HttpError } from './http-error.ts';

/** Checks that a robot's POST comes from an installed portal and stores it. False: forged or unknown. */
export type AcceptRobotPost = (
  code: string,
  form: unknown,
) => Promise<'accepted' | 'forged' | 'unknown_robot'>;

/** `POST /robots/:code`: stored and answered at once; the checks run in a job. */
export function createRobotRoutes(accept: AcceptRobotPost): Router {
  const router = express.Router();
  router.head('/:code', (_req, res) => {
    res.sendStatus(200);
  });
  router.post('/:code', async (req, res) => {
    const outcome = await accept(req.params.code, req.body);
    if (outcome !== 'accepted') throw new HttpError(403, 'forbidden');
    res.json({ status: 'accepted', reference: contextOf(req).id });
  });
  return router;
}
