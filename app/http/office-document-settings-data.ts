import { AGREEMENT_FIELDS } from '../domain/agreement-template.ts';
import type { TemplateError } from '../domain/agreement-template.ts';
import { SEALING_MODES, SEAL_LEVELS } from '../domain/sealing-plan.ts';
import { LANGUAGES } from '../i18n/translator.ts';
import type { Language } from '../i18n/translator.ts';
import type { SettingsStore } from '../ports/settings-store.ts';
import type { ManageAgreement } from '../signing/office/manage-agreement.ts';
import type { ManageCertificate } from '../signing/office/manage-certificate.ts';
import type { FrameSession } from './frame-session.ts';

export interface DocumentSettingsDataDeps {
  readonly settings: SettingsStore;
  readonly agreements: ManageAgreement;
  readonly certificates: ManageCertificate;
  /** Whether the operator has a time-stamp server. */
  readonly timestamps: boolean;
}

export type DocumentSettingsData = ReturnType<typeof createDocumentSettingsData>;

/** The data of the views about how a portal's documents are signed. */
export function createDocumentSettingsData(deps: DocumentSettingsDataDeps) {
  const { settings, agreements, certificates, timestamps } = deps;

  const data = {
    async documents({ portalId }: FrameSession) {
      const { documents } = await settings.get(portalId);
      return {
        ...documents,
        timestamps,
        modes: SEALING_MODES,
        // The strongest first: it is what most people should take.
        levels: [...SEAL_LEVELS].reverse(),
      };
    },

    /**
     * One language of the agreement.
     * @param rejected a text that was not saved, and why
     */
    async agreementText(
      { portalId }: FrameSession,
      language: Language,
      rejected?: { text: string; errors: readonly TemplateError[] },
    ) {
      const { isOwn, text } = await agreements.show(portalId, language);
      return { language, isOwn, text, errors: [], ...rejected };
    },

    async agreement(session: FrameSession) {
      // The language of who looks at it comes first.
      const languages = [...LANGUAGES].sort((one) => (one === session.language ? -1 : 1));
      return {
        texts: await Promise.all(languages.map((language) => data.agreementText(session, language))),
        fields: AGREEMENT_FIELDS.map(({ key, names }) => ({
          key,
          names: languages.map((each) => names[each]),
        })),
      };
    },

    async certificate({ portalId, timeZone }: FrameSession) {
      return { certificate: await certificates.show(portalId), timeZone };
    },

    async all(session: FrameSession) {
      const [documents, agreement, certificate] = await Promise.all([
        data.documents(session),
        data.agreement(session),
        data.certificate(session),
      ]);
      return { documents, agreement, certificate };
    },
  };
  return data;
}
