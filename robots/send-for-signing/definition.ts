import { ORDERS, PURPOSES } from '../../app/domain/purpose.ts';
import type { RobotDefinition, RobotProperty } from '../../installer/robot-definition.ts';
import { local, options, returnProperties } from '../define-robot.ts';
import { COMPANY_SIGNATURES, PROVIDERS, RETURN_WHEN } from './request.ts';

const CODE = 'send_for_signing';

const named = (code: string): Pick<RobotProperty, 'name'> => ({ name: local(`${CODE}.${code}.name`) });
const described = (code: string): Pick<RobotProperty, 'name' | 'description'> => ({
  ...named(code),
  description: local(`${CODE}.${code}.description`),
});

/** *Send for signing*, as it stands in the designer. The order of the inputs is the order in the form. */
export const sendForSigningDefinition: RobotDefinition = {
  code: CODE,
  handlerPath: `/robots/${CODE}`,
  name: local(`${CODE}.name`),
  description: local(`${CODE}.description`),
  properties: {
    document_id: { ...described('document_id'), type: 'string', required: true, multiple: true },
    signer_1: { ...described('signer_1'), type: 'user', required: true },
    signer_2: { ...described('signer_2'), type: 'string', required: true, multiple: true },
    signature_positions: { ...described('signature_positions'), type: 'text' },
    responsible: { ...described('responsible'), type: 'user' },
    crm_entity_id: { ...described('crm_entity_id'), type: 'string' },
    additional_agreement: { ...described('additional_agreement'), type: 'bool', default: 'N' },
    purpose: {
      ...named('purpose'),
      type: 'select',
      options: options('purpose', PURPOSES),
      default: 'signature',
    },
    order: { ...named('order'), type: 'select', options: options('order', ORDERS), default: 'company_first' },
    company_signature: {
      ...described('company_signature'),
      type: 'select',
      options: options('company_signature', COMPANY_SIGNATURES),
      default: 'auto',
    },
    provider: {
      ...named('provider'),
      type: 'select',
      options: options('provider', PROVIDERS),
      default: 'builtin',
    },
    template: { ...described('template'), type: 'string' },
    subject: { ...named('subject'), type: 'string' },
    message: { ...named('message'), type: 'text' },
    expires_in_days: { ...described('expires_in_days'), type: 'int' },
    return_when: {
      ...named('return_when'),
      type: 'select',
      options: options('return_when', RETURN_WHEN),
      default: 'final',
    },
    max_wait_hours: { ...described('max_wait_hours'), type: 'int' },
  },
  returnProperties,
};
