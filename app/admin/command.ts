import type { Container } from '../container.ts';

export interface Flags {
  /** The value of `--name`. @throws UsageError when it is missing */
  need(name: string): string;
  get(name: string): string | undefined;
}

/** One operator command. Prints its result as lines; an error that a person can act on is a UsageError. */
export interface Command {
  readonly usage: string;
  readonly about: string;
  run(container: Container, args: readonly string[], flags: Flags): Promise<void>;
}

/** What the operator has to change; printed without a stack. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** `P` of the commands: a member id or a domain. */
export async function findPortal(container: Container, text: string) {
  const portal = (await container.portals.get(text)) ?? (await container.portals.getByDomain(text));
  if (!portal) throw new UsageError(`no portal "${text}": npm run admin -- portals lists them`);
  return portal;
}
