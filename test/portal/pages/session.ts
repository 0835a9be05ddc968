import type { Request, Response } from 'express';
import type { PortalContext } from '../context.ts';
import { randomHex } from '../random.ts';
import type { PortalUser } from '../users.ts';

/** Who looks at a page, and in which language. */
export interface Visitor {
  user: PortalUser;
  lang: 'ru' | 'en';
}

export type Sessions = ReturnType<typeof createSessions>;

/** Browser sessions of the portal. Whoever comes first is logged in as the admin: it is a stand-in. */
export function createSessions(portal: PortalContext) {
  const sessions = new Map<string, { userId: number; lang?: 'ru' | 'en' }>();
  // Cookies know no ports; two portals on one host need names of their own.
  const cookieName = `STANDIN_${new URL(portal.url).port}`;

  function find(req: Request) {
    const cookies = (req.headers.cookie ?? '').split(/;\s*/);
    const own = cookies.find((one) => one.startsWith(`${cookieName}=`));
    return own ? sessions.get(own.slice(cookieName.length + 1)) : undefined;
  }

  function start(res: Response) {
    const id = randomHex(32);
    const session: { userId: number; lang?: 'ru' | 'en' } = { userId: 1 };
    sessions.set(id, session);
    res.append('set-cookie', `${cookieName}=${id}; Path=/; HttpOnly; SameSite=Lax`);
    return session;
  }

  return {
    /** The visitor of a page; starts a session if there is none. */
    visitor(req: Request, res: Response): Visitor {
      const session = find(req) ?? start(res);
      const user = portal.users.get(session.userId);
      if (!user) throw new Error(`no user ${session.userId}`);
      return { user, lang: session.lang ?? portal.lang };
    },
    /** Whether there is a session: some addresses are for logged-in browsers only. */
    has: (req: Request): boolean => find(req) !== undefined,
    change(req: Request, res: Response, to: { userId?: number; lang?: 'ru' | 'en' }): void {
      const session = find(req) ?? start(res);
      if (to.userId !== undefined && portal.users.get(to.userId)) session.userId = to.userId;
      if (to.lang) session.lang = to.lang;
    },
  };
}
