import { PDF } from '@libpdf/core';
import type { Lang } from '../../ports/pdf-engine.ts';

/** An empty document with its title, language and time set. */
export function newDocument(about: { title: string; lang: Lang; at: Date }): PDF {
  const pdf = PDF.create();
  pdf.setTitle(about.title, { showInWindowTitleBar: true });
  pdf.setLanguage(about.lang);
  pdf.setCreator('Countersign');
  pdf.setProducer('Countersign');
  pdf.setCreationDate(about.at);
  pdf.setModificationDate(about.at);
  return pdf;
}
