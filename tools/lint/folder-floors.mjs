// @ts-check
import { dirname, relative, resolve, sep } from 'node:path';

/** @param {string} root @param {string} path @returns {string | undefined} the first folder of a path below the root */
function folderOf(root, path) {
  const [folder, ...rest] = relative(root, path).split(sep);
  return folder === undefined || folder === '..' || rest.length === 0 ? undefined : folder;
}

/**
 * Folders below `root` import from folders before them in `floors` only, types as well as values. Files that lie in
 * `root` itself, such as its entries, import from any.
 * @type {import('eslint').Rule.RuleModule}
 */
export const folderFloors = {
  meta: {
    type: 'problem',
    docs: { description: 'hold the order of the folders of a package' },
    messages: {
      upwards: '"{{from}}" lies below "{{to}}": it may not import from there. Move what both need to the lower one.',
      unlisted: 'The folder "{{folder}}" has no floor yet: list it where its imports go down.',
    },
    schema: [
      {
        type: 'object',
        required: ['root', 'floors'],
        properties: { root: { type: 'string' }, floors: { type: 'array', items: { type: 'string' } } },
      },
    ],
  },
  create(context) {
    const { root, floors } = context.options[0];
    const base = resolve(context.cwd, root);
    const from = folderOf(base, context.filename);
    if (from === undefined) return {};
    /** @param {any} node */
    function check(node) {
      const path = node.source?.value;
      if (typeof path !== 'string' || !path.startsWith('.')) return;
      const to = folderOf(base, resolve(dirname(context.filename), path));
      if (to === undefined || to === from) return;
      for (const folder of [from, to]) {
        if (!floors.includes(folder))
          context.report({ node, messageId: 'unlisted', data: { folder: /** @type {string} */ (folder) } });
      }
      if (floors.indexOf(from) < floors.indexOf(to))
        context.report({ node, messageId: 'upwards', data: { from: /** @type {string} */ (from), to } });
    }
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: (/** @type {any} */ node) =>
        check({ ...node, loc: node.loc, source: node.source ?? node.argument?.literal }),
    };
  },
};
