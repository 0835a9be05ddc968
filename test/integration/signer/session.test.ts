import type { Response } from 'express';
import { expect } from 'chai';
import { createSignerSessions } from '../../../app/http/signer-session.ts';
import { createSecrets } from '../../../app/storage/create-secrets.ts';
import { T0, sentSigning, signerOf } from '../../support/signing-builder.ts';

describe('session of a signer', () => {
  for (const [publicUrl, secure] of [
    ['https://sign.example', true],
    ['http://127.0.0.1:3000', false],
  ] as const) {
    it(`when the app is at ${publicUrl}, expected a cookie that is ${secure ? '' : 'not '}limited to https`, () => {
      const cookies: { name: string; options: object }[] = [];
      const res = {
        cookie: (name: string, _value: string, options: object) => cookies.push({ name, options }),
      };
      const secrets = createSecrets({ secret: 'a secret for tests only' });
      const signing = sentSigning();
      const sessions = createSignerSessions({ secrets, clock: { now: () => T0 }, publicUrl });
      sessions.start(res as unknown as Response, signing, signerOf(signing, 's1'), 'email');
      sessions.start(res as unknown as Response, signing, signerOf(signing, 's2'), 'email');
      expect(cookies[0]?.options).to.include({ secure, httpOnly: true, sameSite: 'strict', path: '/s' });
      expect(cookies[0]?.name).not.to.equal(cookies[1]?.name);
    });
  }
});
