/* eslint-disable @typescript-eslint/no-explicit-any -- answers are looked at, not modelled */
import { startStandInPortal } from '../../../portal/start.ts';
import type { StandInPortal, StandInPortalOptions } from '../../../portal/types.ts';
import { startSampleApp, type SampleApp } from './sample-app.ts';

export interface Fixture {
  portal: StandInPortal;
  app: SampleApp;
  /** POSTs JSON to a REST method and returns status and body. */
  call: (
    method: string,
    params?: Record<string, unknown>,
    accessToken?: string,
  ) => Promise<{ status: number; body: any }>;
  close: () => Promise<void>;
}

/** A portal with the sample app, installed unless told otherwise. */
export async function startFixture(
  options: StandInPortalOptions & { installed?: boolean } = {},
): Promise<Fixture> {
  const app = await startSampleApp();
  const portal = await startStandInPortal({ rateLimit: false, ...options });
  portal.registerApp(app.descriptor);
  if (options.installed !== false) {
    await portal.installApp();
    await portal.finishInstall();
    portal.clearCalls();
  }
  return {
    portal,
    app,
    async call(method, params = {}, accessToken = portal.issueToken().accessToken) {
      const answer = await fetch(`${portal.clientEndpoint}/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...params, auth: accessToken }),
      });
      return { status: answer.status, body: await answer.json() };
    },
    async close() {
      await portal.close();
      await app.close();
    },
  };
}
