import { expect } from 'chai';
import { AjaxError, RefreshTokenError } from '@bitrix24/b24jssdk';
import { PortalError } from '../../../app/ports/portal.ts';
import { batchParams, isRead, readBatch } from '../../../app/portal/batch.ts';
import { buildPlaceholderDocx } from '../../../app/portal/build-placeholder-docx.ts';
import { encodeQuery, resultOf } from '../../../app/portal/encode-query.ts';
import { portalError, toPortalError } from '../../../app/portal/rest-error.ts';
import { shapeOf } from '../../../app/portal/shape-of.ts';
import { isSameSecret } from '../../../app/portal/verify-portal-post.ts';
import { parsePhpQuery } from '../../portal/php-query.ts';

const now = new Date('2026-11-22T12:00:00Z');
const command = (key: string) => ({ key, method: 'crm.item.get', params: { id: 1 } });

describe('REST details', () => {
  it('when parameters are encoded, expected what PHP reads', () => {
    const params = {
      a: { b: [1, 'two & three', null], c: true, d: false },
      date: now,
      ref: resultOf('deal', 'item', 'contactIds', 0),
      text: 'costs $result[x]',
      none: undefined,
      ключ: 'значение',
    };
    expect(parsePhpQuery(encodeQuery(params))).to.deep.equal({
      a: { b: ['1', 'two & three', ''], c: '1', d: '0' },
      date: '2026-11-22T12:00:00.000Z',
      ref: '$result[deal][item][contactIds][0]',
      text: 'costs $\u2060result[x]',
      ключ: 'значение',
    });
  });

  it('when a batch is answered, expected an outcome for every command, PHP’s empty lists included', () => {
    const commands = [command('a'), command('b'), command('c')];
    expect(batchParams(commands, true)).to.deep.equal({
      halt: 1,
      cmd: { a: 'crm.item.get?id=1', b: 'crm.item.get?id=1', c: 'crm.item.get?id=1' },
    });
    const body = {
      result: { a: null },
      result_error: { b: { error: '', error_description: 'Not found' } },
      result_time: [],
      result_total: [],
    };
    const outcomes = readBatch(commands, body, now);
    expect(outcomes.get('a')).to.deep.equal({ ok: true, result: null });
    expect(outcomes.get('b')).to.have.nested.property('error.code', 'bad_request');
    expect(outcomes.get('c')).to.have.nested.property('error.code', 'not_executed');
    for (const broken of [undefined, [], 'x', { result: [], result_error: [] }]) {
      expect(readBatch(commands, broken, now).get('a')).to.have.nested.property('error.retryable', true);
    }
  });

  it('when the SDK wraps an error, expected the cause and no secret', () => {
    const ajax = (code: string, status: number, originalError: unknown) =>
      new AjaxError({
        code,
        status,
        description: 'd',
        requestInfo: { method: 'm', requestId: 'r' },
        originalError: originalError,
      });
    const own = new PortalError('needs_reauth', 'x', false);
    expect(toPortalError('m', ajax('JSSDK_UNKNOWN_ERROR', 0, own), now)).to.equal(own);
    const refresh = new RefreshTokenError({ code: 'invalid_grant', status: 400, description: 'd' });
    expect(toPortalError('m', ajax('JSSDK_UNKNOWN_ERROR', 0, refresh), now)).to.include({
      code: 'needs_reauth',
      retryable: false,
    });
    const limited = {
      response: {
        status: 429,
        data: { error: 'OPERATION_TIME_LIMIT', time: { operating_reset_at: now.getTime() / 1000 + 30 } },
      },
    };
    expect(toPortalError('m', ajax('OPERATION_TIME_LIMIT', 429, limited), now)).to.include({
      retryable: true,
      retryAfterS: 30,
    });
    const secret = {
      config: { data: 'auth=SECRET' },
      response: { status: 500, data: '<html>SECRET</html>' },
    };
    const failure = toPortalError('m', ajax('X', 500, secret), now);
    expect(failure).to.include({ code: 'bad_gateway', retryable: true });
    expect(JSON.stringify(failure) + failure.message + String(failure.stack)).not.to.contain('SECRET');
    expect(toPortalError('m', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), now).code).to.equal(
      'unreachable',
    );
    expect(toPortalError('m', 'nonsense', now)).to.include({ code: 'no_answer', retryable: true });
    expect(toPortalError('m', { response: { status: 302, data: '' } }, now)).to.include({
      code: 'portal_moved',
      retryable: true,
    });
  });

  it('when a portal answers with a code that every object has, expected it like any unknown one', () => {
    for (const code of ['constructor', 'toString', '__proto__']) {
      const error = portalError('profile', { status: 400, code, description: '' }, now);
      expect([error.code, error.retryable, error.retryAfterS]).to.deep.equal([code, false, undefined]);
    }
  });

  it('when a call is logged, expected names and types, never values', () => {
    const shape = shapeOf('x', {
      auth: 'SECRET',
      fields: { title: 'SECRET', ids: [1, 2], deep: { a: { b: { c: { d: 1 } } } } },
      none: null,
    });
    expect(shape).to.equal('{fields:{title:string,ids:[2 number],deep:{a:{b:{…}}}},none:null}');
    const batch = shapeOf(
      'batch',
      batchParams(
        [{ key: 'k', method: 'm.add', params: { fields: { a: 'SECRET', l: ['SECRET', 'x'] } } }],
        false,
      ),
    );
    expect(batch).to.equal('m.add(fields[a],fields[l][])');
    expect(
      shapeOf('x', Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`k${index}`, 1]))).length,
    ).to.be.lessThan(2100);
  });

  it('when methods are named, expected only reading ones repeatable', () => {
    expect(
      ['crm.item.get', 'bizproc.robot.list', 'app.info', 'profile', 'user.search'].every(isRead),
    ).to.equal(true);
    expect(
      [
        'crm.timeline.logmessage.add',
        'bizproc.event.send',
        'crm.item.update',
        'batch',
        'placement.bind',
      ].some(isRead),
    ).to.equal(false);
  });

  it('when secrets are compared, expected equal ones only, and never empty ones', () => {
    expect(isSameSecret('abc', 'abc')).to.equal(true);
    expect(isSameSecret('abc', 'abd')).to.equal(false);
    expect(isSameSecret('', '')).to.equal(false);
    expect(isSameSecret('', 'abc')).to.equal(false);
  });

  it('when a placeholder is built, expected the same bytes each time, a zip of three parts with the text', () => {
    const docx = buildPlaceholderDocx('Текст & <b>');
    expect(docx.equals(buildPlaceholderDocx('Текст & <b>'))).to.equal(true);
    expect(docx.readUInt32LE(0)).to.equal(0x04034b50);
    expect(docx.readUInt16LE(docx.length - 12)).to.equal(3);
    expect(docx.toString()).to.contain('Текст &#38; &#60;b&#62;').and.to.contain('word/document.xml');
  });
});
