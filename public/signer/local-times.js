/** Shows moments in the reader's own time zone, which needs no name then; what the server wrote (in the signing's zone) stays without a script. */
export function showLocalTimes() {
  const { lang } = document.documentElement;
  // As app/i18n/format-date-time.ts writes English.
  const format = new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
  for (const element of document.querySelectorAll('time[data-local]')) {
    const at = new Date(element.getAttribute('datetime') ?? '');
    if (!Number.isNaN(at.getTime())) element.textContent = format.format(at);
  }
}
