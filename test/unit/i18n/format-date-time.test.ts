import { expect } from 'chai';
import { formatDateTime, formatOwnTime } from '../../../app/i18n/format-date-time.ts';

const at = new Date('2026-11-22T10:46:00Z');

describe('moments in texts', () => {
  it('when the reader may be anywhere, expected the zone named', () => {
    expect(formatDateTime(at, 'ru', '+03:00')).to.equal('22 ноября 2026 г. в 13:46 GMT+3');
    expect(formatDateTime(at, 'en', 'Europe/Minsk')).to.equal('22 November 2026 at 13:46 GMT+3');
  });

  it('when it is the reader’s own zone, expected no word about it', () => {
    expect(formatOwnTime(at, 'ru', 'Europe/Minsk')).to.equal('22 ноября 2026 г. в 13:46');
    expect(formatOwnTime(at, 'en', '+03:00')).to.equal('22 November 2026 at 13:46');
  });

  it('when the zone is UTC or nobody knows it, expected UTC said so, never GMT+0', () => {
    for (const zone of [undefined, '', 'UTC', 'Mars/Olympus']) {
      expect(formatDateTime(at, 'ru', zone), zone).to.equal('22 ноября 2026 г. в 10:46 UTC');
      expect(formatOwnTime(at, 'en', zone), zone).to.equal('22 November 2026 at 10:46 UTC');
    }
    expect(formatDateTime(at, 'en', '+00:00')).to.equal('22 November 2026 at 10:46 UTC');
  });
});
