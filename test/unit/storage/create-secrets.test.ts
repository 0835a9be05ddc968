import { expect } from 'chai';
import { createSecrets } from '../../../app/storage/create-secrets.ts';

describe('secrets', () => {
  const secrets = createSecrets({ secret: 'one' });

  for (const plain of ['', 'token', 'ключ 🙂', 'x'.repeat(100_000)]) {
    it(`when a text of ${plain.length} characters is sealed, expected it to open and not to show`, () => {
      const sealed = secrets.seal(plain, 'tokens:a');
      expect(secrets.open(sealed, 'tokens:a')).to.equal(plain);
      if (plain) expect(sealed).to.not.contain(plain);
      expect(secrets.seal(plain, 'tokens:a')).to.not.equal(sealed);
    });
  }

  it('when it is opened under another context, expected a failure', () => {
    const sealed = secrets.seal('token', 'tokens:a');
    expect(() => secrets.open(sealed, 'tokens:b')).to.throw(/another context/);
  });

  it('when any byte was flipped, expected a failure each time', () => {
    const [format, keyId, body = ''] = secrets.seal('token', 'c').split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = changed[index]! ^ 1;
      const text = [format, keyId, changed.toString('base64url')].join('.');
      expect(() => secrets.open(text, 'c'), `byte ${index}`).to.throw(/was changed/);
    }
  });

  it('when it is no sealed text at all, expected a failure without the text in it', () => {
    const [format, keyId] = secrets.seal('x', 'c').split('.');
    for (const text of [
      '',
      'plain-secret',
      'v2.a.b',
      `${format}.${keyId}.`,
      `${format}.${keyId}.AAAA`,
      `${format}.${keyId}`,
    ]) {
      expect(() => secrets.open(text, 'c'), text)
        .to.throw(/cannot open/)
        .and.not.match(/plain-secret/);
    }
  });

  it('when the secret is rotated, expected the old text to open and new ones to need only the new secret', () => {
    const old = secrets.seal('token', 'c');
    const rotating = createSecrets({ secret: 'two', oldSecret: 'one' });
    const after = createSecrets({ secret: 'two' });
    expect(rotating.open(old, 'c')).to.equal('token');
    expect(after.open(rotating.seal('token', 'c'), 'c')).to.equal('token');
    expect(() => after.open(old, 'c')).to.throw(/another APP_SECRET/);
    expect(() => secrets.open(rotating.seal('token', 'c'), 'c')).to.throw(/another APP_SECRET/);
  });

  it('when a fingerprint is made, expected 43 characters that depend on secret, purpose and each part', () => {
    const mac = secrets.mac('link', 'ab', 'c');
    expect(mac)
      .to.match(/^[\w-]{43}$/)
      .and.equal(createSecrets({ secret: 'one' }).mac('link', 'ab', 'c'));
    const others = [
      secrets.mac('session', 'ab', 'c'),
      secrets.mac('link', 'a', 'bc'),
      secrets.mac('link', 'abc'),
      secrets.mac('link', 'ab', 'c', ''),
      createSecrets({ secret: 'two' }).mac('link', 'ab', 'c'),
    ];
    expect(new Set([mac, ...others]).size).to.equal(6);
  });

  it('when a fingerprint is checked, expected the right one, the old secret’s too, and nothing else', () => {
    const mac = secrets.mac('link', 'a');
    const rotating = createSecrets({ secret: 'two', oldSecret: 'one' });
    expect(secrets.isMac(mac, 'link', 'a')).to.equal(true);
    expect(rotating.isMac(mac, 'link', 'a')).to.equal(true);
    expect(rotating.isMac(rotating.mac('link', 'a'), 'link', 'a')).to.equal(true);
    expect(createSecrets({ secret: 'two' }).isMac(mac, 'link', 'a')).to.equal(false);
    for (const given of ['', mac.slice(1), `${mac}a`, 'я'.repeat(43), mac.toUpperCase()]) {
      expect(secrets.isMac(given, 'link', 'a'), given).to.equal(false);
    }
  });

  it('when there is no secret, expected a refusal to start', () => {
    expect(() => createSecrets({ secret: '' })).to.throw(/APP_SECRET/);
  });
});
