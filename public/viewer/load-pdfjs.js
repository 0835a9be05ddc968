/**
 * pdf.js, its worker beside it.
 * @param {string} folder
 * @returns {Promise<typeof import('pdfjs-dist')>}
 */
export async function loadPdfjs(folder) {
  const library = await import(`${folder}build/pdf.min.mjs`);
  library.GlobalWorkerOptions.workerSrc = `${folder}build/pdf.worker.min.mjs`;
  return library;
}
