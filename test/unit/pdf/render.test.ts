import { expect } from 'chai';
import { formatDay, formatMoment } from '../../../app/pdf/drawing/format-moment.ts';
import { initialsOf } from '../../../app/pdf/sealing/draw-mark.ts';

const at = new Date('2026-11-22T12:00:00Z');

describe('what is written on documents', () => {
  it('when moments are written, expected the offset of that day and zone', () => {
    const summer = new Date('2026-07-01T21:30:00Z');
    expect(formatMoment(summer, 'ru', 'Europe/Vilnius')).to.equal('02.07.2026 00:30:00 UTC+03:00');
    expect(formatMoment(at, 'en', 'America/St_Johns')).to.equal('2026-11-22 08:30:00 UTC−03:30');
    expect(formatMoment(at, 'en', 'Nowhere/Land')).to.equal('2026-11-22 12:00:00 UTC');
    expect(formatDay(summer, 'ru', 'Europe/Vilnius')).to.equal('02.07.2026');
  });

  it('when a name has several words, expected its initials', () => {
    expect(initialsOf('Иванов Пётр Ильич')).to.equal('И. П. И.');
    expect(initialsOf('  ')).to.equal('');
  });
});
