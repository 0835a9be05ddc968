import { expect } from 'chai';
import { buildReport } from '../../../../app/signing/documents/build-report.ts';
import { buildSealRequest } from '../../../../app/signing/documents/build-seal-request.ts';
import { signerSigned } from '../../../../app/domain/transitions/signer-actions.ts';
import { evidence, later, sentSigning, storedFile } from '../../../support/signing-builder.ts';

const publicUrl = 'https://sign.example.test';
const typed = { kind: 'typed', text: 'Анна' } as const;

const signedByAll = () => {
  const one = signerSigned(sentSigning(), 's1', evidence({ mark: typed }), later(5));
  return signerSigned(one, 's2', evidence({ mark: typed }), later(6));
};

describe('what the files of a signing say of it', () => {
  it('when the report is made, expected it final: signed by everybody, nothing still being sealed', () => {
    const deps = { publicUrl, now: later(7), consentText: () => undefined };
    expect(buildReport(signedByAll(), storedFile('signed'), deps).statusText).to.equal('Подписано всеми');
  });

  it('when the agreement gets its signature page, expected the agreement named there, not the contract', async () => {
    const files = { get: () => Promise.resolve(Buffer.from('%PDF')) } as unknown as Parameters<
      typeof buildSealRequest
    >[2]['files'];
    const deps = { files, publicUrl, tsaUrls: [], now: later(7) };
    const signing = signedByAll();
    const titleOf = async (file: ReturnType<typeof storedFile>) =>
      (await buildSealRequest(signing, file, deps)).signing.title;
    expect(await titleOf(signing.bundle!)).to.equal('Договор поставки № 17');
    expect(await titleOf(storedFile('agreement'))).to.match(/^Соглашение .*: Договор поставки № 17$/);
  });
});
