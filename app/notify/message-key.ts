import { createHash } from 'node:crypto';

const SAFE = /^\w[\w.-]{0,99}$/;

/**
 * A mail's id as it may stand in a Message-ID (RFC 5322 3.6.4) and in a file name. Always the same for the same id, and
 * different for different ones even on file systems that ignore letter case.
 */
export function messageKey(id: string): string {
  if (SAFE.test(id) && id === id.toLowerCase()) return id;
  const readable = id
    .replace(/[^\w-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 60);
  return `${readable || 'mail'}.${createHash('sha256').update(id).digest('hex').slice(0, 16)}`;
}
