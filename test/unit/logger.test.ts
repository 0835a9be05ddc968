import { expect } from 'chai';
import { Linter } from 'eslint';
import { createLogger, withLogIds } from '../../app/logger.ts';
// eslint-disable-next-line @typescript-eslint/ban-ts-comment
// @ts-ignore -- the rule is plain JavaScript, as ESLint loads it
import noSecretInLog from '../../eslint-rules/no-secret-in-log.js';

const MARKER = 'tok-3f9a1c';

function linesOf(write: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('debug', { write: (line: string) => lines.push(line) }));
  return lines.join('');
}

describe('logs', () => {
  it('when an object carries secrets up to three levels deep, none is written', () => {
    const text = linesOf((log) => {
      log.info(
        { access_token: MARKER, auth: { refresh_token: MARKER }, a: { b: { event_token: MARKER } } },
        'x',
      );
    });
    expect(text).to.contain('"msg":"x"').and.not.contain(MARKER);
  });

  it('when an error carries a request, only its name, code and text are written, without query strings or links', () => {
    const error = Object.assign(
      new Error(`GET https://p.test/rest/x?auth=${MARKER} and /s/${MARKER}${MARKER} failed`),
      {
        config: { headers: { authorization: MARKER } },
        code: 'ECONNRESET',
      },
    );
    const text = linesOf((log) => log.error({ err: error }, 'failed'));
    expect(text).to.contain('ECONNRESET').and.not.contain(MARKER);
  });
});

describe('ids in logs', () => {
  it('when work is done for a request or a job, every line in it carries the ids, and none outside', async () => {
    const lines: Record<string, unknown>[] = [];
    const log = createLogger('info', { write: (line: string) => lines.push(JSON.parse(line)) });
    await withLogIds({ requestId: 'r1' }, async () => {
      await Promise.resolve();
      withLogIds({ jobId: 'j1' }, () => log.info({ signingId: 's1' }, 'inside'));
    });
    log.info({}, 'outside');
    expect(lines[0]).to.include({ requestId: 'r1', jobId: 'j1', signingId: 's1' });
    expect(lines[1]).to.not.have.any.keys('requestId', 'jobId');
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
