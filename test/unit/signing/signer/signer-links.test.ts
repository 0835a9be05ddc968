import { expect } from 'chai';
import { createSignerLinks } from '../../../../app/signing/signer/signer-links.ts';
import { createSecrets } from '../../../../app/storage/create-secrets.ts';
import { sentSigning, signerOf } from '../../../support/signing-builder.ts';

const publicUrl = 'https://sign.example';
const secret = 'a secret for tests only';
const links = createSignerLinks({ secrets: createSecrets({ secret }), publicUrl });
const signing = sentSigning();
const [s1, s2] = [signerOf(signing, 's1'), signerOf(signing, 's2')];

describe('signer links', () => {
  it('when a link is made, expected its own signer to be read from it and proved', () => {
    const link = links.linkOf(signing, s1);
    expect(link).to.match(/^https:\/\/sign\.example\/s\/[\w-]{16,}$/);
    const token = link.split('/s/')[1]!;
    expect(links.parse(token)).to.deep.equal({ signingId: signing.id, signerId: 's1' });
    expect(links.matches(token, signing, s1)).to.equal(true);
  });

  it('when the signing id has dashes, expected the parts to be found all the same', () => {
    const other = { ...signing, id: '0b9f0e7c-64ff-4a51-9df1-s1-000000000001' };
    const token = links.tokenOf(other, s2);
    expect(links.parse(token)).to.deep.equal({ signingId: other.id, signerId: 's2' });
    expect(links.matches(token, other, s2)).to.equal(true);
  });

  it("when a token is put together from another signer's or signing's, expected it to prove nothing", () => {
    const mac = links.tokenOf(signing, s1).slice(-43);
    expect(links.matches(`${signing.id}-s2-${mac}`, signing, s2)).to.equal(false);
    const other = { ...signing, id: 'f'.repeat(24) };
    expect(links.matches(`${other.id}-s1-${mac}`, other, s1)).to.equal(false);
  });

  it("when the signer's random value changes, expected the old link to be revoked", () => {
    const token = links.tokenOf(signing, s1);
    const renewed = { ...s1, linkNonce: 'another' };
    expect(links.matches(token, signing, renewed)).to.equal(false);
    expect(links.tokenOf(signing, renewed)).not.to.equal(token);
  });

  it('when one character is changed, expected a refusal for every place', () => {
    const token = links.tokenOf(signing, s1);
    for (let at = token.length - 43; at < token.length - 1; at++) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      expect(links.matches(changed, signing, s1), String(at)).to.equal(false);
    }
  });

  it('when the secret is being rotated, expected old links to go on working and new ones to use the new secret', () => {
    const token = links.tokenOf(signing, s1);
    const secrets = createSecrets({ secret: 'the next secret of tests', oldSecret: secret });
    const rotated = createSignerLinks({ secrets, publicUrl });
    expect(rotated.matches(token, signing, s1)).to.equal(true);
    expect(rotated.tokenOf(signing, s1)).not.to.equal(token);
    const after = createSignerLinks({
      secrets: createSecrets({ secret: 'the next secret of tests' }),
      publicUrl,
    });
    expect(after.matches(token, signing, s1)).to.equal(false);
  });

  for (const wrong of [
    '',
    'x',
    '../../etc',
    `${signing.id}-s1-`,
    `${signing.id}-x1-${'a'.repeat(43)}`,
    'a'.repeat(5000),
  ]) {
    it(`when the token is ${JSON.stringify(wrong.slice(0, 40))}, expected it not to be one`, () => {
      expect(links.parse(wrong)).to.equal(undefined);
      expect(links.matches(wrong, signing, s1)).to.equal(false);
    });
  }
});
