import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { DEFAULT_SEALING } from '../../../../app/domain/sealing-plan.ts';
import type { Signing } from '../../../../app/domain/signing.ts';
import { signatureApplied } from '../../../../app/domain/transitions/apply-signature.ts';
import {
  signerIdentified,
  signerOpened,
  signerSigned,
} from '../../../../app/domain/transitions/signer-actions.ts';
import type { ReportJson } from '../../../../app/signing/documents/build-report-json.ts';
import { buildReport } from '../../../../app/signing/documents/build-report.ts';
import { hasProgram, run } from '../../../fixtures/pdf/outside-programs.ts';
import { evidence, later, newSigner, sentSigning, storedFile, T0 } from '../../../support/signing-builder.ts';

const publicUrl = 'https://sign.example.test';
const docs = new URL('../../../../docs/', import.meta.url);
const sha = (letter: string): string => letter.repeat(64);
const SECRET = 'nonce-that-opens-the-link';

/** Signed by both, each signature put into the document and the agreement. */
function signedSigning(fields: Parameters<typeof sentSigning>[0] = {}): Signing {
  const names = ['Пётр «Ёлка» \u{1f58b}', 'O\u2019Neill \\ "Ltd"\u007f\u2028'];
  const opened = sentSigning({
    withAgreement: true,
    signers: [
      newSigner('s1', { name: names[0], company: 'ООО «Ромашка»', linkNonce: SECRET }),
      newSigner('s2', { name: names[1], phone: '+375291112233' }),
    ],
    ...fields,
  });
  let signing: Signing = { ...opened, agreement: { ...storedFile('agreement'), sha256: sha('b') } };
  for (const [index, id] of ['s1', 's2'].entries()) {
    signing = signerOpened(signing, id, '192.0.2.1', later(3 + index));
    signing = signerIdentified(signing, id, '192.0.2.1', later(4 + index));
    signing = signerSigned(
      signing,
      id,
      evidence({ at: later(5 + index), consentVersion: `v-${id}` }),
      later(5 + index),
    );
    if (signing.sealing.mode === 'one_seal') continue;
    const [before, after] = index ? ['c', 'd'] : ['a', 'c'];
    const trustedAt = index ? undefined : later(5.1);
    signing = signatureApplied(
      signing,
      id,
      { signed: storedFile('so-far') },
      [
        {
          file: 'signed',
          before: sha(before ?? ''),
          after: sha(after ?? ''),
          level: trustedAt ? 'B-T' : 'B-B',
          trustedAt,
          withoutTimestamp: !trustedAt,
        },
        { file: 'agreement', before: sha('b'), after: sha('e'), level: 'B-B', withoutTimestamp: false },
      ],
      later(6 + index),
    );
  }
  return signing;
}

const files = {
  signed: { file: { ...storedFile('signed'), sha256: sha('f') }, level: 'B-LTA', timestampAt: later(9) },
  agreement: { file: { ...storedFile('signed-agreement'), sha256: sha('9') } },
} as const;
const consentText = (version: string) => `Согласие ${version}`;
const report = (signing: Signing, deps: Partial<Parameters<typeof buildReport>[2]> = {}) =>
  buildReport(signing, files, { publicUrl, now: later(10), consentText, ...deps });
/** As a program reads it. */
const dataOf = (signing: Signing) => JSON.parse(JSON.stringify(report(signing).json)) as ReportJson;

/** Written from docs/report.md, not from the application's own code. */
function checkChain(entries: ReportJson['journal']['entries']): number | undefined {
  let previous = '';
  for (const { seq, at, type, actor, data, prev, hash } of entries) {
    const pairs = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
    const text = JSON.stringify([prev, seq, at, type, [actor.kind, actor.id ?? '', actor.name ?? ''], pairs]);
    if (prev !== previous || createHash('sha256').update(text).digest('hex') !== hash) return seq;
    previous = hash;
  }
  return undefined;
}

describe('signing report of a signing', () => {
  const signing = signedSigning();

  it('when it is made, expected it final: signed by everybody, nothing still being sealed', () => {
    const [content] = report(signing).contents;
    expect(content).to.deep.include({ lang: 'ru', statusText: 'Подписано всеми', finishedAt: later(6) });
    expect(content?.operator).to.equal('Countersign · sign.example.test');
  });

  it('when signatures were put into the files, expected each with hashes, level and trusted time, in order', () => {
    const [content] = report(signing).contents;
    const [first, , second, last] = content?.revisions ?? [];
    expect(content?.revisions).to.have.length(4);
    expect(first).to.deep.include({
      before: sha('a'),
      after: sha('c'),
      level: 'B-T',
      timestampAt: later(5.1),
    });
    expect(first?.file).to.equal(undefined);
    expect(second).to.deep.include({
      before: sha('c'),
      after: sha('d'),
      level: 'B-B',
      timestampAt: undefined,
    });
    expect(second?.text).to.contain('метку времени получить не удалось');
    expect(last?.file).to.match(/^Соглашение .*: Договор поставки № 17$/);
    expect(content?.files).to.deep.equal([
      {
        name: 'Договор поставки № 17',
        pages: 2,
        before: sha('a'),
        after: sha('f'),
        level: 'B-LTA',
        timestampAt: later(9),
      },
      {
        name: last?.file,
        pages: 2,
        before: sha('b'),
        after: sha('9'),
        level: undefined,
        timestampAt: undefined,
      },
    ]);
  });

  it('when one seal stands for all, expected no signatures of their own', () => {
    const sealed = signedSigning({ sealing: { ...DEFAULT_SEALING, mode: 'one_seal' } });
    expect(report(sealed).contents[0]?.revisions).to.deep.equal([]);
    expect(dataOf(sealed).signatures).to.deep.equal([]);
  });

  it('when a person is described, expected what they did but not what the service did with the files', () => {
    const [person] = report(signing).contents[0]?.people ?? [];
    expect(person).to.deep.include({
      consentVersion: 'v-s1',
      ip: '127.0.0.1',
      agent: 'test',
      company: 'ООО «Ромашка»',
    });
    expect(person?.actions.map(({ text }) => text)).to.satisfy((texts: string[]) =>
      texts.some((text) => text.startsWith('Подписано:')),
    );
    expect(JSON.stringify(person?.actions)).to.not.contain(sha('c'));
    expect(person?.actions[1]).to.deep.include({ ip: '192.0.2.1' });
  });

  it('when the plan wants both languages, expected the signing’s first, the other complete', () => {
    const both = (language: 'ru' | 'en') =>
      report(signedSigning({ language, sealing: { ...DEFAULT_SEALING, secondReportLanguage: true } }))
        .contents;
    expect(both('ru').map(({ lang }) => lang)).to.deep.equal(['ru', 'en']);
    const [, second] = both('ru');
    expect(second?.statusText).to.equal('Signed by everybody');
    expect(second?.people[0]?.identifiedBy).to.equal('code sent by e-mail to s***@example.test');
    expect(second?.revisions[0]?.text).to.match(/^Signature of /);
    expect(second?.journal).to.have.length(both('ru')[0]?.journal.length ?? 0);
    expect(both('en').map(({ lang }) => lang)).to.deep.equal(['en', 'ru']);
    expect(report(signing).contents).to.have.length(1);
  });

  it('when several consents were accepted, expected the text of each once', () => {
    expect(report(signing).contents[0]?.consents).to.deep.equal([
      { version: 'v-s1', text: 'Согласие v-s1' },
      { version: 'v-s2', text: 'Согласие v-s2' },
    ]);
    expect(report(signing, { consentText: () => undefined }).contents[0]?.consents).to.deep.equal([]);
  });

  it('when time-stamps are wanted, expected the policy handed on', () => {
    const timestamps = { urls: ['http://tsa'], whenDown: 'go_on' } as const;
    expect(report(signing, { timestamps: { ...timestamps, urls: ['http://tsa'] } }).timestamps).to.deep.equal(
      timestamps,
    );
    expect(report(signing)).to.not.have.property('timestamps');
  });
});

describe('data of the signing report', () => {
  const signing = signedSigning();
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(new URL('report.schema.json', docs), 'utf8')));

  it('when it is written, expected it as the schema says, whatever language the report is in', () => {
    const plans = [{}, { sealing: { ...DEFAULT_SEALING, mode: 'one_seal' } }, { language: 'en' }] as const;
    for (const plan of plans) {
      expect(schema.safeParse(dataOf(signedSigning(plan))).error?.issues).to.equal(undefined);
    }
    expect(schema.safeParse({ ...dataOf(signing), version: 2 }).success).to.equal(false);
    expect(schema.safeParse({ ...dataOf(signing), more: 1 }).success).to.equal(false);
  });

  it('when it is written, expected codes and not words, and times in UTC', () => {
    const data = dataOf(signing);
    expect(data).to.deep.include({ format: 'countersign-signing-report', version: 1 });
    expect(data.signing).to.deep.include({
      purpose: 'signature',
      order: 'company_first',
      timeZone: '+03:00',
      createdAt: T0.toISOString(),
      finishedAt: later(6).toISOString(),
    });
    expect(data.signers[0]?.evidence).to.deep.include({
      method: 'email_code',
      consentVersion: 'v-s1',
      mark: 'typed',
    });
    expect(data.consents[0]?.sha256).to.equal(createHash('sha256').update('Согласие v-s1').digest('hex'));
  });

  it('when the hashes of a file are followed, expected each signature to begin where the one before it ended', () => {
    const { files: made, signatures } = dataOf(signing);
    const document = made.find(({ kind }) => kind === 'signed');
    let hash = document?.before.sha256;
    for (const { before, after } of signatures.filter(({ file }) => file === 'signed')) {
      expect(before).to.equal(hash);
      hash = after;
    }
    expect(document?.after.sha256).to.equal(sha('f'));
  });

  it('when somebody reads it, expected nothing that opens a link, names a file in the store or belongs to the portal', () => {
    const text = JSON.stringify(report(signing));
    for (const secret of [SECRET, 'linkNonce', 'fileId', signing.portalId, signing.initiator.email]) {
      expect(text, secret).to.not.contain(secret);
    }
  });

  it('when the chain of its journal is recomputed, expected it whole, and any change seen', () => {
    const { entries } = dataOf(signing).journal;
    expect(entries.length).to.be.greaterThan(8);
    expect(checkChain(entries)).to.equal(undefined);
    const forged = structuredClone(entries);
    forged[5]!.data = { ...forged[5]!.data, ip: '198.51.100.1' };
    expect(checkChain(forged)).to.equal(6);
    expect(checkChain(entries.toSpliced(3, 1))).to.equal(5);
  });

  if (hasProgram('python3', 'the recipe of docs/report.md in Python')) {
    it('when the script of the documentation reads it, expected the same answers', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'countersign-test-'));
      try {
        const [, script = ''] =
          /```python\n([\s\S]*?)```/.exec(readFileSync(new URL('report.md', docs), 'utf8')) ?? [];
        await writeFile(join(folder, 'check.py'), script);
        const answer = async (data: ReportJson) => {
          await writeFile(join(folder, 'report.json'), JSON.stringify(data));
          return run('python3', [join(folder, 'check.py'), join(folder, 'report.json')]).output.trim();
        };
        const data = dataOf(signing);
        expect(await answer(data)).to.equal(`whole: ${data.journal.entries.length} entries`);
        data.journal.entries[2]!.type = 'declined';
        expect(await answer(data)).to.equal('broken at entry 3');
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }
});
