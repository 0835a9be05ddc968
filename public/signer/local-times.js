/** Shows moments in the reader's own time zone, with its name; what the server wrote (in the signing's zone) stays without a script. */
export function showLocalTimes() {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  for (const element of document.querySelectorAll('time[data-local]')) {
    const at = new Date(element.getAttribute('datetime') ?? '');
    if (!Number.isNaN(at.getTime())) element.textContent = format.format(at);
  }
}
