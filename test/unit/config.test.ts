import { expect } from 'chai';
import { ConfigError, readConfig } from '../../app/config.ts';

const valid = {
  PUBLIC_URL: 'https://sign.example.test',
  B24_CLIENT_ID: 'app.1',
  B24_CLIENT_SECRET: 'secret',
};
const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('configuration', () => {
  it('when only the necessary is set, the rest has its defaults', () => {
    const config = readConfig(valid);
    expect(config).to.include({
      port: 3000,
      host: '127.0.0.1',
      startCredits: 20,
      trackIntervalS: 30,
      role: 'all',
    });
    expect(config.bitrix.appCode).to.equal('app.1');
    expect(config.bitrix.allowLoopback).to.equal(false);
    expect(Object.isFrozen(config)).to.equal(true);
  });

  it('when several things are wrong, all of them are listed at once', () => {
    const problems = problemsOf({ NODE_ENV: 'production', PUBLIC_URL: 'ftp://x', SMTP_URL: 'smtp://x' });
    const text = problems.join('\n');
    for (const name of [
      'PUBLIC_URL',
      'B24_CLIENT_ID',
      'B24_CLIENT_SECRET',
      'APP_SECRET',
      'MONGODB_URI',
      'MAIL_FROM',
    ]) {
      expect(text).to.contain(name);
    }
  });

  it('when a value cannot even be read, the rest is still checked', () => {
    const problems = problemsOf({ PORT: 'x', ROLE: 'king', PUBLIC_URL: 'https://sign.example.test' });
    const text = problems.join('\n');
    for (const name of ['PORT', 'ROLE', 'B24_CLIENT_ID', 'B24_CLIENT_SECRET']) expect(text).to.contain(name);
  });

  const production = {
    ...valid,
    NODE_ENV: 'production',
    APP_SECRET: 'x'.repeat(40),
    MONGODB_URI: 'mongodb://db/x',
  };
  const refused: Record<string, Record<string, string>> = {
    'http in production': { ...production, PUBLIC_URL: 'http://127.0.0.1:3000' },
    'http for a real host': { ...valid, PUBLIC_URL: 'http://sign.example.test' },
    'an http OAuth server in production': { ...production, B24_AUTH_SERVERS: 'http://127.0.0.1:1' },
    'an http OAuth server that is not this machine': {
      ...valid,
      B24_AUTH_SERVERS: 'http://oauth.example.test',
    },
    'the embedded store in production': { ...production, MONGODB_URI: '' },
    'a short secret in production': { ...production, APP_SECRET: 'short' },
    'a certificate file that is not there': { ...valid, SEAL_P12: '/nowhere/seal.p12' },
    'a mail server that is none': { ...valid, SMTP_URL: 'nonsense', MAIL_FROM: 'a@example.test' },
    'a store that is none': { ...valid, MONGODB_URI: 'postgres://db' },
    'a proxy that is no address': { ...valid, TRUST_PROXY: '127.0.0.1,rubbish' },
    'a file store that does not exist yet': { ...valid, S3_URL: 'https://s3.example.test' },
    'a port that is none': { ...valid, PORT: '70000' },
    'an unknown role': { ...valid, ROLE: 'king' },
  };
  for (const [what, env] of Object.entries(refused)) {
    it(`when there is ${what}, refused`, () => {
      expect(problemsOf(env)).to.have.length(1);
    });
  }

  it('when production allows the embedded store by name, accepted', () => {
    expect(problemsOf({ ...production, MONGODB_URI: '', ALLOW_EMBEDDED_STORE: '1' })).to.deep.equal([]);
  });

  it('when a loopback OAuth server is listed outside production, loopback portals are accepted too', () => {
    const config = readConfig({ ...valid, B24_AUTH_SERVERS: 'http://127.0.0.1:4001' });
    expect(config.bitrix.allowLoopback).to.equal(true);
  });
});
