import { expect } from 'chai';
import { createTranslator, hasText } from '../../../app/i18n/translator.ts';
import { EVENTS, PLACEMENTS, TRIGGERS } from '../../../installer/declared-state.ts';
import { describeRobot } from '../../../installer/describe-robot.ts';
import { planRegistration } from '../../../installer/plan-registration.ts';
import { robotDefinitions } from '../../../robots/index.ts';
import { checkCalls } from '../../portal/check-calls.ts';

const publicUrl = 'https://sign.example.com';
const context = { robots: robotDefinitions, publicUrl, language: 'en', userId: '1' } as const;
const nothing = { robots: [], triggers: [], placements: [], events: [] };

describe('registration plan', () => {
  it('when nothing is there, expected all added in one request, as documented', () => {
    const steps = planRegistration(nothing, context);
    expect(steps.length).to.equal(
      robotDefinitions.length + PLACEMENTS.length + EVENTS.length + TRIGGERS.length,
    );
    expect(steps.length).to.be.at.most(50);
    expect(new Set(steps.map((step) => step.key)).size).to.equal(steps.length);
    expect(checkCalls(steps.map(({ method, params }) => ({ method, params: { ...params } })))).to.deep.equal(
      [],
    );
  });

  it('when all is there, expected only robots and triggers written again', () => {
    const state = {
      robots: robotDefinitions.map((robot) => robot.code),
      triggers: [...TRIGGERS],
      placements: [
        ...PLACEMENTS.map(({ placement, path, title }) => ({
          placement,
          handler: publicUrl + path,
          title: createTranslator('ru')(`installer.${title}`),
        })),
        { placement: 'BIZPROC_ACTIVITY_PROPERTIES_DIALOG', handler: `${publicUrl}/settings`, title: '' },
      ],
      events: EVENTS.map(({ event }) => ({ event: event.toUpperCase(), handler: `${publicUrl}/events` })),
    };
    const methods = new Set(planRegistration(state, context).map((step) => step.method));
    expect([...methods]).to.deep.equal(['bizproc.robot.update', 'crm.automation.trigger.add']);
  });

  it('when the app has moved to another address, expected old handlers unbound before new ones are bound', () => {
    const steps = planRegistration(
      {
        ...nothing,
        placements: [{ placement: 'REST_APP_URI', handler: 'https://old.example.com/app', title: 'x' }],
        events: [{ event: 'ONAPPUNINSTALL', handler: 'https://old.example.com/events' }],
      },
      context,
    );
    const order = steps.map((step) =>
      [step.method, step.params['PLACEMENT'] ?? step.params['event']].join(' '),
    );
    expect(order.indexOf('placement.unbind REST_APP_URI')).to.be.lessThan(
      order.indexOf('placement.bind REST_APP_URI'),
    );
    expect(order.indexOf('event.unbind ONAPPUNINSTALL')).to.be.lessThan(
      order.indexOf('event.bind ONAPPUNINSTALL'),
    );
    expect(order).to.include('placement.unbind REST_APP_URI').and.to.include('event.unbind ONAPPUNINSTALL');
  });

  it('when the portal lacks methods, expected nothing planned with them', () => {
    const methods = planRegistration({ events: [] }, context).map((step) => step.method);
    expect(new Set(methods)).to.deep.equal(new Set(['event.bind']));
  });

  it('when a robot is described, expected both languages, and options in the portal’s', () => {
    for (const robot of robotDefinitions) {
      const fields = describeRobot(robot, { ...context, language: 'ru' });
      expect(fields).to.include({
        USE_SUBSCRIPTION: 'Y',
        HANDLER: publicUrl + robot.handlerPath,
        AUTH_USER_ID: '1',
      });
      expect(fields['NAME']).to.deep.equal(robot.name);
      const inputs = Object.keys(robot.properties).map((name) => name.toLowerCase());
      const results = Object.keys(robot.returnProperties).map((name) => name.toLowerCase());
      expect(
        inputs.filter((name) => results.includes(name)),
        robot.code,
      ).to.deep.equal([]);
      expect(JSON.stringify(fields['PROPERTIES']).length).to.be.lessThan(65_000);
    }
  });

  it('when a text is named, expected it in the catalogs', () => {
    const keys = [
      ...PLACEMENTS.flatMap(({ title, description }) => [title, description]),
      ...TRIGGERS.map((code) => `trigger_${code}`),
      ...['bad_form', 'not_verified', 'not_admin', 'form_used', 'portal_unavailable'].map(
        (code) => `refused_${code}`,
      ),
      'no_robots',
      'not_registered',
      'placeholder_document',
    ];
    expect(keys.filter((key) => !hasText(`installer.${key}`))).to.deep.equal([]);
  });
});
