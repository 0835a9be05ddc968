import { fileURLToPath } from 'node:url';
import ejs from 'ejs';
import { createTranslator } from '../i18n/translator.ts';
import { letterContent } from './letter-content.ts';
import type { LetterComposer } from '../ports/letter-composer.ts';
import { letterText } from './letter-text.ts';

const template = fileURLToPath(new URL('../../views/emails/letter.ejs', import.meta.url));

/** In an SMS every 70 Cyrillic characters cost one more message: the title is only there to be recognised. */
const SMS_TITLE_LENGTH = 30;
const shorten = (text: string): string =>
  text.length > SMS_TITLE_LENGTH ? `${text.slice(0, SMS_TITLE_LENGTH - 1).trimEnd()}…` : text;

/**
 * Writes mails (plain text and HTML say the same) and short messages from a signing.
 * @param deps.publicUrl origin without a trailing slash
 */
export function createLetterComposer(deps: { publicUrl: string }): LetterComposer {
  return {
    async mail(request) {
      const letter = letterContent(request, deps.publicUrl);
      const html = await ejs.renderFile(template, { letter }, { cache: true });
      return { fromName: letter.fromName, subject: letter.subject, html, text: letterText(letter) };
    },
    sms({ kind, signing, signer, link, code }) {
      const t = createTranslator(signer?.language ?? signing.language);
      const values = {
        initiator: signing.initiator.name,
        title: shorten(signing.title),
        link: link ?? '',
        code: code ?? '',
      };
      return t(`sms.${kind}`, values);
    },
  };
}
