import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { AGREEMENT_FIELDS, TEMPLATE_ERROR_CODES } from '../../../app/domain/agreement-template.ts';
import { JOURNAL_TYPES } from '../../../app/domain/journal.ts';
import { SEALING_MODES, SEAL_LEVELS } from '../../../app/domain/sealing-plan.ts';
import { SIGNER_STATUSES, SIGNING_STATUS_CODES } from '../../../app/domain/signing-status.ts';
import { catalogKeys } from '../../../app/i18n/translator.ts';
import { NOTIFIABLE } from '../../../app/ports/settings-store.ts';

const root = fileURLToPath(new URL('../../../views/', import.meta.url));
const views = globSync(['*.ejs', 'office/*.ejs', 'partials/*.ejs'], { cwd: root });
const read = (view: string) => readFileSync(root + view, 'utf8');

/** Keys that views put together at run time. */
const built = [
  ...Object.keys(SIGNING_STATUS_CODES).map((status) => `office.status_${status}`),
  ...SIGNER_STATUSES.map((status) => `office.signer_${status}`),
  ...NOTIFIABLE.map((type) => `office.notify_${type}`),
  ...JOURNAL_TYPES.map((type) => `journal.${type}`),
  ...SEALING_MODES.flatMap((mode) => [`office.doc_mode_${mode}`, `office.doc_mode_${mode}_hint`]),
  ...SEAL_LEVELS.map((level) => `office.doc_level_${level.toLowerCase().replace('-', '_')}_hint`),
  ...AGREEMENT_FIELDS.map(({ key }) => `agreement.field_${key}`),
  ...TEMPLATE_ERROR_CODES.map((code) => `agreement.error_${code}`),
];

describe('texts of the views', () => {
  for (const language of ['en', 'ru'] as const) {
    it(`when a view names a text, expected it in ${language}`, () => {
      const keys = new Set(catalogKeys(language));
      const named = views.flatMap((view) =>
        [...read(view).matchAll(/['"]([a-z-]+\.[a-z0-9_]+)['"]/g)].map(([, key]) => key ?? ''),
      );
      const texts = [...named, ...built].filter((key) =>
        /^(office|agreement|verify|legal|http|journal|install-page)\./.test(key),
      );
      const missing = texts.filter((key) => !key.endsWith('_') && !keys.has(key));
      expect(texts.length).to.be.greaterThan(150);
      expect(missing).to.deep.equal([]);
    });
  }

  it('when values are printed, expected them escaped: raw output is for includes only', () => {
    for (const view of views) {
      const raw = [...read(view).matchAll(/<%-(?!\s*include\()/g)];
      expect(raw, view).to.have.length(0);
    }
  });

  it('when a view stands under the content security policy, expected nothing inline', () => {
    for (const view of views) {
      expect(read(view), view).not.to.match(/ style=|<style|\son[a-z]+=|<script(?![^>]*src=)|javascript:/);
    }
  });
});
