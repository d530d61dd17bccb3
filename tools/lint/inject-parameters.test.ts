import { RuleTester } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, it } from 'vitest';
import { injectParameters } from './inject-parameters.mjs';

RuleTester.describe = describe;
RuleTester.it = it;

const tester = new RuleTester({ languageOptions: { parser: tseslint.parser } });

tester.run('inject-parameters', injectParameters, {
  valid: [
    '@injectable() class Trainer { constructor(@inject(CLOCK) private readonly clock: Clock) {} }',
    '@injectable() class Trainer { constructor(@inject(CLOCK) clock: Clock, @injectAll(LISTENER) all: Listener[]) {} }',
    '@injectable() class Trainer { run() {} }',
    'class Plain { constructor(readonly clock: Clock) {} }',
    '@other() class Plain { constructor(clock: Clock) {} }',
  ],
  invalid: [
    {
      code: '@injectable() class Trainer { constructor(private readonly clock: Clock) {} }',
      errors: [{ messageId: 'missing', data: { name: 'clock' } }],
    },
    {
      code: '@singleton() class Trainer { constructor(@inject(CLOCK) clock: Clock, store: Store, seed = 1) {} }',
      errors: [
        { messageId: 'missing', data: { name: 'store' } },
        { messageId: 'missing', data: { name: 'seed' } },
      ],
    },
    {
      code: '@scoped(Lifecycle.ContainerScoped) export class Trainer { constructor(@other() clock: Clock) {} }',
      errors: [{ messageId: 'missing', data: { name: 'clock' } }],
    },
  ],
});
