import express from 'express';
import type { Router } from 'express';

/**
 * `/healthz`: the process answers. `/readyz`: it can work, that is, the store answers too; a load balancer asks this.
 * @param ping rejects when the store does not answer
 */
export function createHealthRoutes(ping: () => Promise<void>): Router {
  const router = express.Router();
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });
  router.get('/readyz', async (_req, res) => {
    try {
      await ping();
      res.json({ status: 'ready' });
    } catch {
      res.status(503).json({ status: 'store not reachable' });
    }
  });
  return router;
}
