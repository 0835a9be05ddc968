import { parseAgreementTemplate } from '../../domain/agreement-template.ts';
import type { TemplateError } from '../../domain/agreement-template.ts';
import { createTranslator } from '../../i18n/translator.ts';
import type { Language } from '../../i18n/translator.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PdfEngine } from '../../ports/pdf-engine.ts';
import type { SettingsStore } from '../../ports/settings-store.ts';
import { composeAgreement } from '../documents/build-agreement.ts';
import { sampleAgreement } from './sample-agreement.ts';

/** The agreement's text in one language, as its editor shows it. */
export interface AgreementText {
  readonly language: Language;
  /** The portal's own, else the standard one. */
  readonly text: string;
  readonly isOwn: boolean;
}

/** The portal's own text of the additional agreement, in each language. */
export interface ManageAgreement {
  show(portalId: string, language: Language): Promise<AgreementText>;
  /**
   * A text with errors is not saved. The standard text is saved as "none of our own", so that it stays the newest one.
   * @returns what is wrong with the text, line by line; nothing when it was saved
   */
  save(portalId: string, language: Language, text: string): Promise<TemplateError[]>;
  /** Back to the standard text. */
  reset(portalId: string, language: Language): Promise<void>;
  /** The text as the document it becomes, for invented parties; or what is wrong with it. */
  preview(
    language: Language,
    text: string,
  ): Promise<{ readonly pdf: Uint8Array } | { readonly errors: TemplateError[] }>;
}

const standardText = (language: Language): string => createTranslator(language)('agreement.template');

/** A form sends lines with CR LF, and blanks that nobody sees. */
const tidy = (text: string): string =>
  text
    .split(/\r\n|[\r\n]/)
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();

export function createManageAgreement(deps: {
  settings: SettingsStore;
  pdf: Pick<PdfEngine, 'renderAgreement'>;
  clock: Clock;
  /** Of the service; the sample names it. */
  publicUrl: string;
}): ManageAgreement {
  const { settings, pdf, clock, publicUrl } = deps;

  const store = async (portalId: string, language: Language, text: string): Promise<void> => {
    const current = await settings.get(portalId);
    await settings.save({ ...current, agreement: { ...current.agreement, [language]: text } });
  };

  return {
    async show(portalId, language) {
      const own = (await settings.get(portalId)).agreement[language];
      return { language, text: own || standardText(language), isOwn: own !== '' };
    },

    async save(portalId, language, text) {
      const own = tidy(text);
      const { errors } = parseAgreementTemplate(own);
      if (errors.length === 0) {
        await store(portalId, language, own === tidy(standardText(language)) ? '' : own);
      }
      return errors;
    },

    reset: (portalId, language) => store(portalId, language, ''),

    async preview(language, text) {
      const tidied = tidy(text);
      const { errors } = parseAgreementTemplate(tidied);
      if (errors.length > 0) return { errors };
      const now = clock.now();
      const request = composeAgreement(tidied, sampleAgreement(language, now, publicUrl));
      return { pdf: (await pdf.renderAgreement(request)).pdf };
    },
  };
}
