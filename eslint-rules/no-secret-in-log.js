// A log call must not be handed a secret: tokens, passwords, codes and whole request objects stay out of
// logs at the place where they would enter, not only in the redaction that is the second line.
const SECRET =
  /(^|_)(access_?token|refresh_?token|application_?token|event_?token|client_?secret|secret|password|passphrase|otp|auth_id|refresh_id)$/i;
const LEVELS = new Set(['trace', 'debug', 'info', 'warn', 'error', 'fatal']);
const LOGGER = /(^|\.)(log|logger)$/i;

const nameOf = (node) =>
  node.type === 'Identifier'
    ? node.name
    : node.type === 'MemberExpression' && !node.computed
      ? node.property.name
      : '';
const snake = (name) => name.replace(/([a-z])([A-Z])/g, '$1_$2');

/** @type {import('eslint').Rule.RuleModule} */
export default {
  meta: {
    type: 'problem',
    messages: { secret: 'Do not log "{{name}}": it is a secret.' },
    schema: [],
  },
  create(context) {
    const inspect = (node) => {
      if (!node) return;
      if (node.type === 'ObjectExpression') {
        for (const property of node.properties) {
          if (property.type === 'Property') inspect(property.value);
          else inspect(property.argument);
        }
      } else if (node.type === 'TemplateLiteral') {
        node.expressions.forEach(inspect);
      } else if (node.type === 'BinaryExpression') {
        inspect(node.left);
        inspect(node.right);
      } else {
        const name = nameOf(node);
        if (SECRET.test(snake(name))) context.report({ node, messageId: 'secret', data: { name } });
      }
    };
    return {
      CallExpression(node) {
        const callee = node.callee;
        if (callee.type !== 'MemberExpression' || !LEVELS.has(nameOf(callee))) return;
        if (!LOGGER.test(nameOf(callee.object))) return;
        node.arguments.forEach(inspect);
      },
    };
  },
};
