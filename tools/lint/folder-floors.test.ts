import { RuleTester } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, it } from 'vitest';
import { folderFloors } from './folder-floors.mjs';

RuleTester.describe = describe;
RuleTester.it = it;

const tester = new RuleTester({ languageOptions: { parser: tseslint.parser } });
const options = [{ root: 'house/src', floors: ['cellar', 'kitchen', 'attic'] }];
const filename = 'house/src/kitchen/stove.ts';

tester.run('folder-floors', folderFloors, {
  valid: [
    { code: "import { wine } from '../cellar/wine.ts';", filename, options },
    { code: "import { pot } from './pot.ts';", filename, options },
    { code: "import { pot } from '../kitchen/pot.ts';", filename, options },
    { code: "import { pot } from 'attic';", filename, options },
    { code: "export { view } from './attic/view.ts';", filename: 'house/src/index.ts', options },
    { code: "import { view } from '../attic/view.ts';", filename: 'other/src/kitchen/stove.ts', options },
  ],
  invalid: [
    { code: "import { view } from '../attic/view.ts';", filename, options, errors: [{ messageId: 'upwards' }] },
    { code: "import type { View } from '../attic/view.ts';", filename, options, errors: [{ messageId: 'upwards' }] },
    { code: "export { view } from '../attic/view.ts';", filename, options, errors: [{ messageId: 'upwards' }] },
    { code: "const view = import('../attic/view.ts');", filename, options, errors: [{ messageId: 'upwards' }] },
    { code: "let view: import('../attic/view.ts').View;", filename, options, errors: [{ messageId: 'upwards' }] },
    { code: "import { car } from '../garage/car.ts';", filename, options, errors: [{ messageId: 'unlisted' }] },
  ],
});
