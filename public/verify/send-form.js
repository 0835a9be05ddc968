/**
 * Sends a form and tells how much of it is on its way; `fetch` could not.
 * @param {HTMLFormElement} form
 * @param {object} hear
 * @param {(request: XMLHttpRequest) => void} hear.started with what can be aborted
 * @param {(share: number | undefined) => void} hear.progress from 0 to 1; undefined once all is sent
 * @returns {Promise<string>} the page that answers, whatever its status
 * @throws {DOMException} `AbortError` when it was stopped, `NetworkError` when there was no answer
 */
export function sendForm(form, { started, progress }) {
  return new Promise((resolve, reject) => {
    const request = new window.XMLHttpRequest();
    request.open('POST', form.action);
    request.setRequestHeader('Accept', 'text/html');
    request.upload.addEventListener('progress', ({ loaded, total, lengthComputable }) => {
      if (lengthComputable && loaded < total) progress(loaded / total);
    });
    request.upload.addEventListener('load', () => progress(undefined));
    request.addEventListener('load', () => resolve(request.responseText));
    request.addEventListener('error', () => reject(new window.DOMException('no answer', 'NetworkError')));
    request.addEventListener('abort', () => reject(new window.DOMException('stopped', 'AbortError')));
    started(request);
    request.send(new FormData(form));
  });
}
