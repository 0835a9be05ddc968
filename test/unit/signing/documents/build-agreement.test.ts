import { expect } from 'chai';
import { buildAgreement } from '../../../../app/signing/documents/build-agreement.ts';
import { later, newSigner, sentSigning } from '../../../support/signing-builder.ts';

const signers = [
  newSigner('s1', { name: 'Мария Соколова', position: 'директор', company: 'ООО «Ромашка»' }),
  newSigner('s2', { name: 'Jan Żak', email: '', phone: '+48 22 000', company: '' }),
  newSigner('s3', { name: 'Ewa {{sign:1}}', company: 'Żubr' }),
];
const signing = (language: 'ru' | 'en' = 'ru') => sentSigning({ language, signers });
const textOf = (template: string, publicUrl?: string): string => {
  const [block] = buildAgreement(signing(), later(0), `# T\n\n${template}`, publicUrl).blocks;
  return block?.kind === 'paragraph' ? block.text : '';
};

describe('additional agreement of a signing', () => {
  it('when the portal has no text of its own, expected the standard one in the signing’s language, filled', () => {
    const russian = buildAgreement(signing(), later(0), '  \n');
    expect(russian).to.deep.include({
      title: 'Соглашение об использовании электронной подписи',
      subtitle: '№ CS-01234567 от 22 ноября 2026 г.',
      lang: 'ru',
      createdAt: later(0),
    });
    const english = buildAgreement(signing('en'), later(0));
    expect(english.subtitle).to.equal('No. CS-01234567 of 22 November 2026');
    for (const { blocks } of [russian, english]) {
      expect(JSON.stringify(blocks))
        .to.contain('ООО «Ромашка»')
        .and.contain('Договор поставки № 17')
        .and.not.contain('{{');
    }
  });

  it('when the text has fields, expected what this signing says', () => {
    expect(textOf('{{company}}|{{подписанты компании}}')).to.equal('ООО «Ромашка»|Мария Соколова, директор');
    expect(textOf('{{counterparties}}|{{counterparty_signers}}')).to.equal(
      'Jan Żak; Żubr|Jan Żak; Ewa ((sign:1))',
    );
    expect(textOf('{{purpose}}|{{deal}}|{{deadline}}')).to.equal(
      'Подпись|Поставка оборудования|6 декабря 2026 г.',
    );
    expect(textOf('{{service}}', 'https://sign.example.test')).to.equal('Countersign (sign.example.test)');
    expect(textOf('{{service}}')).to.equal('Countersign');
  });

  it('when the day differs between zones, expected the portal’s', () => {
    const late = new Date('2026-11-22T22:30:00Z');
    expect(buildAgreement(signing(), late).subtitle).to.contain('23 ноября');
    const lost = { ...signing(), timeZone: 'Mars/Olympus' };
    expect(buildAgreement(lost, late).subtitle).to.contain('22 ноября');
  });

  it('when there are signers, expected a party for each, and no place for a mark out of a name', () => {
    const { parties } = buildAgreement(signing(), later(0));
    expect(parties).to.deep.equal([
      { role: 'Компания', name: 'Мария Соколова', lines: ['ООО «Ромашка»', 'директор', 's1@example.test'] },
      { role: 'Контрагент', name: 'Jan Żak', lines: ['+48 22 000'] },
      { role: 'Контрагент', name: 'Ewa ((sign:1))', lines: ['Żubr', 's3@example.test'] },
    ]);
  });

  it('when the text marks places for signatures, expected them in the document', () => {
    expect(textOf('Подпись: {{sign:2}}')).to.equal('Подпись: {{sign:2}}');
  });

  it('when a text with a fault was stored, expected a failure that names the line, not another text', () => {
    expect(() => buildAgreement(signing(), later(0), '# T\n\n{{nobody}}')).to.throw('line 3: field_unknown');
  });
});
