import { expect } from 'chai';
import { JOURNAL_TYPES, appendEntry } from '../../../../app/domain/journal.ts';
import { journalView } from '../../../../app/http/presenters/journal-lines.ts';
import { createTranslator } from '../../../../app/i18n/translator.ts';
import { T0 } from '../../../support/signing-builder.ts';

describe('journal sentences', () => {
  for (const language of ['en', 'ru'] as const) {
    it(`when an entry of any type has no values, expected a sentence in ${language} all the same`, () => {
      for (const type of JOURNAL_TYPES) {
        const { lines } = journalView(
          appendEntry([], T0, type, { kind: 'system' }),
          createTranslator(language),
        );
        expect(lines[0]?.text, type)
          .to.match(/\p{L}{3}/u)
          .and.not.include('undefined');
      }
    });
  }

  it('when somebody declined, expected name, reason and who wrote the entry', () => {
    const data = { signer: 's2', name: 'Иван Петров', reason: 'пункт 4.2' };
    const journal = appendEntry([], T0, 'declined', { kind: 'signer', id: 's2', name: 'Иван Петров' }, data);
    const { lines } = journalView(journal, createTranslator('ru'));
    expect(lines[0]).to.include({
      who: 'Иван Петров',
      text: 'Отказ от подписания: Иван Петров. Причина: пункт 4.2',
      tone: 'danger',
    });
  });

  it('when a name carries braces and markup, expected it as it is', () => {
    const name = '{x} <b>#</b>';
    const journal = appendEntry([], T0, 'reminded', { kind: 'user', name: 'A' }, { name });
    expect(journalView(journal, createTranslator('en')).lines[0]?.text).to.equal(`Reminder to ${name}`);
  });
});
