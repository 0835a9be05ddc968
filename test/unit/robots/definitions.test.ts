import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { SIGNING_STATUS_CODES } from '../../../app/domain/signing-status.ts';
import { PURPOSES } from '../../../app/domain/purpose.ts';
import { catalogKeys, createTranslator } from '../../../app/i18n/translator.ts';
import { refusalReasons } from '../../../app/ports/pdf-engine.ts';
import { buildReturnValues } from '../../../app/signing/runs/build-return-values.ts';
import { robotDefinitions } from '../../../robots/index.ts';
import { RESPONSE_CODES, responseCodeText } from '../../../robots/response-codes.ts';

const [send, check] = robotDefinitions;

describe('robot definitions', () => {
  it('when listed, expected the two robots with their inputs in the published order', () => {
    expect(robotDefinitions.map((robot) => robot.code)).to.deep.equal(['send_for_signing', 'check_status']);
    expect(Object.keys(send!.properties)).to.deep.equal(
      (
        'document_id signer_1 signer_2 signature_positions responsible crm_entity_id additional_agreement purpose ' +
        'order company_signature provider template subject message expires_in_days return_when max_wait_hours'
      ).split(' '),
    );
    expect(Object.keys(check!.properties)).to.deep.equal([
      'document_id',
      'signing',
      'return_when',
      'max_wait_hours',
    ]);
    expect(Object.keys(send!.properties['purpose']!.options!)).to.deep.equal([...PURPOSES]);
    expect(Object.keys(send!.properties['provider']!.options!)).to.deep.equal(['builtin']);
  });

  for (const robot of robotDefinitions) {
    it(`when ${robot.code} is looked at, expected no result with the name of an input`, () => {
      const inputs = new Set(Object.keys(robot.properties).map((name) => name.toLowerCase()));
      const shared = Object.keys(robot.returnProperties).filter((name) => inputs.has(name.toLowerCase()));
      expect(shared).to.deep.equal([]);
    });

    it(`when ${robot.code} answers, expected exactly its published results`, () => {
      const values = buildReturnValues({}, 'en', robot.code);
      expect(Object.keys(values)).to.deep.equal(Object.keys(robot.returnProperties));
    });

    it(`when ${robot.code} is registered, expected names Bitrix24 takes and below 65 535 bytes`, () => {
      for (const name of Object.keys({ ...robot.properties, ...robot.returnProperties })) {
        expect(name).to.match(/^[a-z][a-z0-9_]*$/);
      }
      expect(JSON.stringify(robot.properties).length).to.be.below(60_000);
      for (const { options, default: preset } of Object.values(robot.properties)) {
        if (options) expect(Object.keys(options)).to.include(preset);
      }
    });
  }
});

describe('texts of codes', () => {
  it('when a status or a reason of the PDF engine exists, expected a text in both languages', () => {
    for (const language of ['en', 'ru'] as const) {
      const t = createTranslator(language);
      for (const status of ['none', ...Object.keys(SIGNING_STATUS_CODES)]) t(`statuses.signing_${status}`);
      for (const reason of refusalReasons) {
        const values = { document: 'Contract', megabytes: 50, pages: 500 };
        expect(t(`refusals.document_${reason}`, values)).to.contain('Contract');
      }
      for (const code of RESPONSE_CODES) expect(responseCodeText(code, language)).to.not.equal('');
    }
  });

  it('when catalogs are compared, expected the same keys and the same values in both', () => {
    const own = (language: 'en' | 'ru') =>
      catalogKeys(language).filter((key) => /^(robots|refusals|statuses)\./.test(key));
    expect(own('ru')).to.deep.equal(own('en'));
    for (const area of ['robots', 'refusals', 'statuses']) {
      const [en, ru] = (['en', 'ru'] as const).map(
        (language) =>
          JSON.parse(
            readFileSync(new URL(`../../../app/i18n/${area}.${language}.json`, import.meta.url), 'utf8'),
          ) as Record<string, string>,
      );
      const names = (text: string) =>
        [...new Set([...text.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name))].sort();
      for (const key of Object.keys(en!)) expect(names(ru![key]!), key).to.deep.equal(names(en![key]!));
    }
  });
});

/** Rows of the first table whose head starts with `head`, cells trimmed of spaces and back-ticks. */
function tableOf(file: string, head: string): string[][] {
  const text = readFileSync(new URL(`../../../docs/${file}`, import.meta.url), 'utf8');
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${head}`));
  expect(start, `${file}: table ${head}`).to.be.at.least(0);
  const rest = lines.slice(start + 2);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(0, end === -1 ? rest.length : end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

for (const [file, yes, heads] of [
  ['robots.md', 'yes', ['code | key', 'status | state', 'input', 'result']],
  ['ru/robots.md', 'да', ['код | ключ', 'статус | состояние', 'поле', 'результат']],
] as const) {
  describe(`the published reference docs/${file}`, () => {
    it('when its response codes are compared with the code, expected the same codes, keys and retry advice', () => {
      const published = tableOf(file, heads[0]).map(([code, key, retry]) => ({
        code: Number(code),
        key: key === '—' ? '' : key,
        retryable: retry === yes,
      }));
      expect(published).to.deep.equal([...RESPONSE_CODES]);
    });

    it('when its status codes are compared with the code, expected the same', () => {
      const published = tableOf(file, heads[1]).map(([code, status]) => [status, Number(code)]);
      expect(published).to.deep.equal([['none', 0], ...Object.entries(SIGNING_STATUS_CODES)]);
    });

    it('when its tables of inputs and results are compared with the definitions, expected every one with its type', () => {
      const inputs = tableOf(file, heads[2]).map(([name, type]) => [name, type]);
      expect(inputs).to.deep.equal(
        Object.entries(send!.properties).map(([name, { type, multiple }]) => [
          name,
          multiple ? `${type}[]` : type,
        ]),
      );
      const results = tableOf(file, heads[3]).map(([name, type]) => [name, type]);
      expect(results).to.deep.equal(
        Object.entries(send!.returnProperties).map(([name, { type, multiple }]) => [
          name,
          multiple ? `${type}[]` : type,
        ]),
      );
    });
  });
}
