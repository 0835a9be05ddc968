/** What is asked for first: the head of the file, and often enough of it for a short one. */
const FIRST_BYTES = 64 * 1024;
/**
 * pdf.js looks at every page's dictionary before it shows the first, one after the other. In a scan each lies in a part of
 * its own, so parts have to be small; in a text several lie in one, so not too small: each is a round trip.
 */
export const PART_BYTES = 64 * 1024;
const TRIES = 3;
const PAUSE_MS = 400;

/**
 * @callback FetchPart asks for bytes of the document; rejects when there is no answer or a refusal
 * @param {string} range value of the Range header
 * @returns {Promise<Response>}
 */

/**
 * Where pdf.js takes a document from, part by part. Its own way begins with a request for the whole file, which it breaks
 * off: on a slow line much of it is on its way by then.
 * @param {typeof import('pdfjs-dist')} library
 * @param {FetchPart} fetchPart
 * @param {(error: unknown) => void} failed when a part cannot be had; pdf.js itself would wait for it for ever
 * @returns {Promise<{ data: Uint8Array } | { range: import('pdfjs-dist').PDFDataRangeTransport }>} for getDocument
 */
export async function openRanges(library, fetchPart, failed) {
  const first = await read(fetchPart, 0, FIRST_BYTES);
  if (first.bytes.length >= first.size) return { data: first.bytes };
  let open = true;

  class Ranges extends library.PDFDataRangeTransport {
    /** @override @param {number} begin @param {number} end not included */
    requestDataRange(begin, end) {
      read(fetchPart, begin, end).then(
        ({ bytes }) => open && this.#deliver(begin, bytes),
        (error) => open && failed(error),
      );
    }
    /** @param {number} begin @param {Uint8Array} bytes */
    #deliver(begin, bytes) {
      try {
        this.onDataRange(begin, bytes);
      } catch {
        // pdf.js has given this part up while it was on its way, and says so by an assertion; nobody misses it.
      }
    }
    /** @override */
    abort() {
      open = false;
    }
  }
  return { range: new Ranges(first.size, first.bytes) };
}

/**
 * @param {FetchPart} fetchPart
 * @param {number} begin
 * @param {number} end not included
 */
async function read(fetchPart, begin, end) {
  for (let tried = 1; ; tried++) {
    try {
      const response = await fetchPart(`bytes=${begin}-${end - 1}`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const size = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
      return { bytes, size: Number(size ?? bytes.length) };
    } catch (error) {
      if (tried === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * tried));
    }
  }
}
