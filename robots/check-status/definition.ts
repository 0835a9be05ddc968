import type { RobotDefinition } from '../../installer/robot-definition.ts';
import { local, options, returnProperties } from '../define-robot.ts';
import { CHECK_RETURN_WHEN } from './request.ts';

const CODE = 'check_status';

/** *Check signing status*, as it stands in the designer. One of the first two inputs is needed. */
export const checkStatusDefinition: RobotDefinition = {
  code: CODE,
  handlerPath: `/robots/${CODE}`,
  name: local(`${CODE}.name`),
  description: local(`${CODE}.description`),
  properties: {
    document_id: {
      name: local(`${CODE}.document_id.name`),
      description: local(`${CODE}.document_id.description`),
      type: 'string',
    },
    signing: {
      name: local(`${CODE}.signing.name`),
      description: local(`${CODE}.signing.description`),
      type: 'string',
    },
    return_when: {
      name: local(`${CODE}.return_when.name`),
      type: 'select',
      options: options('return_when', CHECK_RETURN_WHEN),
      default: 'now',
    },
    max_wait_hours: {
      name: local(`${CODE}.max_wait_hours.name`),
      description: local(`${CODE}.max_wait_hours.description`),
      type: 'int',
    },
  },
  returnProperties,
};
