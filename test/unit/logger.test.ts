import { expect } from 'chai';
import { Linter } from 'eslint';
import { createLogger } from '../../app/logger.ts';
// eslint-disable-next-line @typescript-eslint/ban-ts-comment
// @ts-ignore -- the rule is plain JavaScript, as ESLint loads it
import noSecretInLog from '../../eslint-rules/no-secret-in-log.js';

const SECRET = 'tok-3f9a1c';

function linesOf(write: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('debug', { write: (line: string) => lines.push(line) }));
  return lines.join('');
}

describe('logs', () => {
  it('when an object carries secrets up to three levels deep, none is written', () => {
    const text = linesOf((log) => {
      log.info(
        { access_token: SECRET, auth: { refresh_token: SECRET }, a: { b: { event_token: SECRET } } },
        'x',
      );
    });
    expect(text).to.contain('"msg":"x"').and.not.contain(SECRET);
  });

  it('when an error carries a request, only its name, code and text are written, without query strings or links', () => {
    const error = Object.assign(
      new Error(`GET https://p.test/rest/x?auth=${SECRET} and /s/${SECRET}${SECRET} failed`),
      {
        config: { headers: { authorization: SECRET } },
        code: 'ECONNRESET',
      },
    );
    const text = linesOf((log) => log.error({ err: error }, 'failed'));
    expect(text).to.contain('ECONNRESET').and.not.contain(SECRET);
  });
});

describe('lint rule no-secret-in-log', () => {
  const complaints = (code: string): number =>
    new Linter().verify(code, [
      {
        plugins: { own: { rules: { 'no-secret-in-log': noSecretInLog } } },
        rules: { 'own/no-secret-in-log': 'error' },
      },
    ]).length;

  const refused = [
    'log.info({ accessToken }, "x")',
    'log.warn({ a: tokens.refresh_token })',
    'this.logger.error(`got ${eventToken}`)',
    'logger.info("secret " + config.clientSecret)',
    'log.info({ ...{ password } })',
  ];
  for (const code of refused) {
    it(`when code says ${code}, refused`, () => expect(complaints(code)).to.equal(1));
  }
  for (const code of [
    'log.info({ portalId }, "token refreshed")',
    'mail.send({ password })',
    'log.info({ a: 1 })',
  ]) {
    it(`when code says ${code}, fine`, () => expect(complaints(code)).to.equal(0));
  }
});
