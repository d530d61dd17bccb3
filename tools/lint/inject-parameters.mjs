// @ts-check

/** @param {any} decorator @returns {string} the name it is called or referred to by */
function nameOf(decorator) {
  const { expression } = decorator;
  const callee = expression.type === 'CallExpression' ? expression.callee : expression;
  return callee.type === 'Identifier' ? callee.name : '';
}

const injectables = new Set(['injectable', 'singleton', 'scoped', 'autoInjectable']);
const injections = new Set(['inject', 'injectAll', 'injectWithTransform', 'injectAllWithTransform']);

/**
 * Every constructor parameter of a class that tsyringe builds names its token with `@inject`. Tools
 * that strip types (tsx, vitest) emit no parameter metadata, so a parameter without its token would
 * resolve under tsc's output and fail everywhere else.
 * @type {import('eslint').Rule.RuleModule}
 */
export const injectParameters = {
  meta: {
    type: 'problem',
    docs: { description: 'require @inject on constructor parameters of @injectable classes' },
    messages: {
      missing:
        'Parameter "{{name}}" of an @injectable class needs @inject(TOKEN): no type metadata exists at run time.',
    },
    schema: [],
  },
  create(context) {
    /** @param {any} node */
    function check(node) {
      if (!(node.decorators ?? []).some((/** @type {any} */ d) => injectables.has(nameOf(d)))) return;
      const constructor = node.body.body.find(
        (/** @type {any} */ member) => member.type === 'MethodDefinition' && member.kind === 'constructor',
      );
      for (const parameter of constructor?.value.params ?? []) {
        const inner = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
        // `@inject(TOKEN) readonly x` puts the decorator on the property, `@inject(TOKEN) x` on the name.
        const decorators = [...(parameter.decorators ?? []), ...(inner.decorators ?? [])];
        if (decorators.some((d) => injections.has(nameOf(d)))) continue;
        const target = inner.type === 'AssignmentPattern' ? inner.left : inner;
        context.report({ node: parameter, messageId: 'missing', data: { name: target.name ?? 'pattern' } });
      }
    }
    // TypeScript's decorators stand on declarations only.
    return { ClassDeclaration: check };
  },
};
