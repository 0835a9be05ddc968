import { readFileSync, readdirSync } from 'node:fs';
import { parse, TYPE } from '@formatjs/icu-messageformat-parser';
import type { MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { expect } from 'chai';
import { JOURNAL_TYPES, appendEntry } from '../../../app/domain/journal.ts';
import { describeEntry } from '../../../app/i18n/describe-entry.ts';
import { LANGUAGES, catalogKeys, createTranslator, languageOf } from '../../../app/i18n/translator.ts';
import { T0 } from '../../support/signing-builder.ts';

const folder = new URL('../../../app/i18n/', import.meta.url);
const texts = (language: string): Map<string, string> => {
  const files = readdirSync(folder).filter((file) => file.endsWith(`.${language}.json`));
  return new Map(
    files.flatMap((file) =>
      Object.entries(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, string>).map(
        ([key, text]): [string, string] => [`${file.split('.')[0]}.${key}`, text],
      ),
    ),
  );
};

/** Names of the values that a message needs. */
function valueNames(elements: MessageFormatElement[]): Set<string> {
  const names = new Set<string>();
  for (const element of elements) {
    if (element.type === TYPE.literal || element.type === TYPE.pound) continue;
    names.add(element.value);
    if (element.type === TYPE.select || element.type === TYPE.plural) {
      for (const option of Object.values(element.options))
        valueNames(option.value).forEach((name) => names.add(name));
    }
  }
  return names;
}

describe('catalogs', () => {
  it('when a text exists in one language, it exists in the other', () => {
    expect(catalogKeys('ru')).to.deep.equal(catalogKeys('en'));
  });

  it('when a text names values, its translation names the same ones', () => {
    const russian = texts('ru');
    for (const [key, text] of texts('en')) {
      const names = (message: string) => [...valueNames(parse(message, { ignoreTag: true }))].sort();
      expect(names(russian.get(key) ?? ''), key).to.deep.equal(names(text));
    }
  });

  it('when a text is Russian, it is not English left untranslated', () => {
    const english = texts('en');
    const sameOnPurpose = /^[\W\d_]*$|^(?:[A-Z0-9{}()/.:, -]|e-mail|SMS|PDF|IP|Countersign|UTC)*$/;
    for (const [key, text] of texts('ru')) {
      const words = text.replace(/\{[^{}]*\}/g, '');
      if (text === english.get(key) && !sameOnPurpose.test(words))
        expect.fail(`${key} is the same in both: ${text}`);
    }
  });

  for (const [language, quoted] of [
    ['ru', /«((?:Отправить на|Проверить) [^»]*)»/g],
    ['en', /“((?:Send for|Check) [^”]*)”/g],
  ] as const) {
    it(`when a ${language} text names a robot, it says the name that stands in the designer`, () => {
      const all = texts(language);
      const names = ['send_for_signing', 'check_status'].map((code) => all.get(`robots.${code}.name`));
      const found = [...all].flatMap(([key, text]) =>
        [...text.matchAll(quoted)].map(([, name]) => [key, name]),
      );
      expect(found).to.not.deep.equal([]);
      for (const [key, name] of found) expect(names, key).to.include(name);
    });
  }

  for (const language of LANGUAGES) {
    it(`when a journal entry of any type is described in ${language}, there is a sentence for it`, () => {
      const t = createTranslator(language);
      for (const type of JOURNAL_TYPES) {
        const [entry] = appendEntry([], T0, type, { kind: 'user', id: '1', name: 'Анна' }, {});
        expect(describeEntry(t, entry!), type).to.match(/\S/);
      }
    });
  }

  it('when a portal speaks a language we do not, people get English', () => {
    expect(['ru', 'by', 'kz', 'en', 'de', 'la', ''].map(languageOf)).to.deep.equal([
      'ru',
      'ru',
      'ru',
      'en',
      'en',
      'en',
      'en',
    ]);
  });
});
