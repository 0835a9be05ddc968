// Who may import whom (docs/architecture.md). A zone says for files in `target` which folders they may not import from;
// paths are relative to the project's root, and `except` names folders or files below `from` that are allowed all the same.
// Written here because the plugin that offers this brings native packages that `npm ci` cannot install reproducibly.
import { dirname, relative, resolve, sep } from 'node:path';

const within = (file, folder) => file === folder || file.startsWith(`${folder}/`);

/** @type {import('eslint').Rule.RuleModule} */
export default {
  meta: {
    type: 'problem',
    messages: { zone: '{{target}} may not import {{imported}}: {{message}}.' },
    schema: [
      {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            target: { type: 'string' },
            from: { type: 'string' },
            except: { type: 'array', items: { type: 'string' } },
            message: { type: 'string' },
          },
          required: ['target', 'from', 'message'],
          additionalProperties: false,
        },
      },
    ],
  },
  create(context) {
    const path = (file) => relative(context.cwd, file).split(sep).join('/');
    const file = path(context.filename);
    const zones = (context.options[0] ?? []).filter((zone) => within(file, zone.target));

    const check = (node) => {
      const wanted = node.source?.value;
      if (typeof wanted !== 'string' || !wanted.startsWith('.')) return;
      const imported = path(resolve(dirname(context.filename), wanted));
      for (const { target, from, except = [], message } of zones) {
        if (!within(imported, from) || except.some((allowed) => within(imported, `${from}/${allowed}`)))
          continue;
        context.report({ node, messageId: 'zone', data: { target, imported, message } });
      }
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
    };
  },
};
