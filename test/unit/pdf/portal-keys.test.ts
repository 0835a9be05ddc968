import { execFileSync } from 'node:child_process';
import type { webcrypto } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { limitKeyDerivation } from '../../../app/pdf/certificate/limit-key-derivation.ts';
import { createPortalKeys } from '../../../app/pdf/certificate/create-portal-keys.ts';
import { makeP12 } from '../../fixtures/pdf/make-p12.ts';
import type { P12Wishes } from '../../fixtures/pdf/make-p12.ts';
import { hasProgram } from '../../fixtures/pdf/outside-programs.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
const validFrom = new Date('2026-11-01T00:00:00Z');

describe('key files of portals', function () {
  this.timeout(30_000);
  const keys = createPortalKeys();
  const faultOf = (work: Promise<unknown>) =>
    work.then(
      () => 'none',
      (error: { fault?: string }) => error.fault,
    );

  const CASES: [what: string, wishes: P12Wishes, fault: string][] = [
    ['has no key', { withoutKey: true }, 'no_key'],
    ['has another’s certificate', { foreignKey: true }, 'no_matching_certificate'],
    ['is for encryption only', { forEncryption: true }, 'not_for_signing'],
    ['has a short key', { rsa: 1024 }, 'key_too_short'],
    ['has expired', { validFrom: new Date('2025-01-01'), days: 365 }, 'expired'],
    ['is of tomorrow', { validFrom: new Date('2026-11-23') }, 'not_yet_valid'],
  ];
  for (const [what, wishes, fault] of CASES) {
    it(`when a file ${what}, expected ${fault}`, async () => {
      expect(await faultOf(keys.read(await makeP12({ validFrom, ...wishes }), '', NOW))).to.equal(fault);
    });
  }

  it('when a file wants its password stirred too often, expected that not even begun', async () => {
    const begun: number[] = [];
    const subtle = {
      deriveKey: async (algorithm: unknown) => {
        begun.push((algorithm as { iterations: number }).iterations);
        return {} as webcrypto.CryptoKey;
      },
    };
    limitKeyDerivation(subtle);
    const derive = (iterations: number) =>
      (subtle.deriveKey as (algorithm: object) => Promise<unknown>)({ name: 'PBKDF2', iterations }).then(
        () => 'done',
        (error: Error) => error.message,
      );
    expect(await derive(600_000)).to.equal('done');
    expect(await derive(8_000_000)).to.equal('too many iterations');
    expect(begun).to.deep.equal([600_000]);
    const p12 = await makeP12({ validFrom, claimedIterations: 8_000_000 });
    expect(await faultOf(keys.read(p12, '', NOW))).to.equal('unreadable');
  });

  it('when a file takes longer than it may, expected it refused', async () => {
    const hasty = createPortalKeys({ deadlineMs: 1 });
    expect(await faultOf(hasty.read(await makeP12({ validFrom }), '', NOW))).to.equal('unreadable');
  });

  it('when many come at once, expected some told to wait', async () => {
    const p12 = await makeP12({ validFrom });
    const faults = await Promise.all([1, 2, 3, 4].map(() => faultOf(keys.read(p12, '', NOW))));
    expect(faults).to.deep.equal(['none', 'none', 'busy', 'busy']);
    expect(await faultOf(keys.read(p12, '', NOW)), 'and later not').to.equal('none');
  });

  if (hasProgram('openssl', 'uploaded key files made by OpenSSL')) {
    for (const kind of ['modern', 'legacy']) {
      it(`when OpenSSL made the file, ${kind} encryption, expected key and chain`, async () => {
        const folder = await mkdtemp(join(tmpdir(), 'countersign-test-'));
        const [key, certificate, p12] = ['key.pem', 'cert.pem', 'company.p12'].map((name) =>
          join(folder, name),
        );
        const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
        try {
          openssl(
            'req',
            '-x509',
            '-newkey',
            'rsa:2048',
            '-nodes',
            '-keyout',
            key!,
            '-out',
            certificate!,
            '-subj',
            '/CN=Company',
          );
          const legacy = kind === 'legacy' ? ['-legacy'] : [];
          openssl(
            'pkcs12',
            '-export',
            ...legacy,
            '-inkey',
            key!,
            '-in',
            certificate!,
            '-out',
            p12!,
            '-passout',
            'pass:abc',
          );
          const opened = keys.open(await keys.read(await readFile(p12!), 'abc', new Date()));
          expect(opened).to.include({ subject: 'CN=Company', keyType: 'RSA' });
          expect(opened.chain).to.have.length(1);
        } finally {
          await rm(folder, { recursive: true });
        }
      });
    }
  }
});
