import { createTranslator } from '../../i18n/translator.ts';
import { describeEntry } from '../../i18n/describe-entry.ts';
import { cancelSigning, resumeSigning } from '../../domain/transitions/end-signing.ts';
import type { Signing } from '../../domain/signing.ts';
import { TransitionError } from '../../domain/transitions/draft.ts';
import { SigningNotFound } from '../../signing/change-signing.ts';
import type { Container } from '../../container.ts';
import { UsageError, print } from '../command.ts';
import type { Command } from '../command.ts';

const OPERATOR = { kind: 'user', id: 'operator', name: 'operator' } as const;

function show(signing: Signing): void {
  const t = createTranslator('en');
  print(
    `${signing.id}  ${signing.title}  ${signing.status}  deal ${signing.entity.id}  portal ${signing.portalId}`,
  );
  for (const { id, name, step, status, delivery } of signing.signers) {
    print(
      `  ${id}  step ${step}  ${status}  ${name}${delivery ? `  (${delivery.channel}: ${delivery.state})` : ''}`,
    );
  }
  for (const entry of signing.journal)
    print(`  ${entry.at.toISOString()}  ${entry.type}  ${describeEntry(t, entry)}`);
  for (const { id, state, attempts, dueAt, error } of signing.effects) {
    print(
      `  to do: ${id}  ${state}  tried ${attempts}x  due ${dueAt.toISOString()}${error ? `  ${error}` : ''}`,
    );
  }
  if (signing.error) print(`  error: ${signing.error.text}, reference ${signing.error.reference}`);
}

type Rule = (signing: Signing, now: Date) => Signing;
const RULES: Record<string, Rule> = {
  resume: (each, now) => resumeSigning(each, OPERATOR, now),
  cancel: (each, now) => cancelSigning(each, OPERATOR, '', now),
};

async function change(container: Container, id: string, rule: Rule): Promise<void> {
  try {
    await container.changeSigning(id, rule);
  } catch (error) {
    if (error instanceof SigningNotFound) throw new UsageError(`no signing ${id}`);
    if (error instanceof TransitionError)
      throw new UsageError(`not possible: the signing is ${error.status}`);
    throw error;
  }
}

export const signing: Command = {
  usage: 'signing show|resume|cancel ID',
  about: 'looks at a signing, resumes it after an error, or cancels it',
  async run(container, [action, id]) {
    if (!id) throw new UsageError(signing.usage);
    const rule = RULES[action ?? ''];
    if (!rule && action !== 'show') throw new UsageError(signing.usage);
    if (rule) await change(container, id, rule);
    const found = await container.signings.get(id);
    if (!found) throw new UsageError(`no signing ${id}`);
    show(found);
  },
};
