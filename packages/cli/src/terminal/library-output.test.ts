import { Console } from 'node:console';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { tameConsole } from './library-output.ts';

it('sends what is printed to where messages go, line by line, orders to the terminal escaped', () => {
  const out = new PassThrough();
  const console = new Console(out, out);
  const messages: string[] = [];
  tameConsole(console, (text) => messages.push(text));
  console.warn('Unknown tokenizer class "%s"', 'Bert\u001b[2J\u0000');
  console.log('two\nlines', { of: 1 });
  for (const method of ['debug', 'error', 'info'] as const) console[method](method);
  console.dir({ deep: { 'a\u0007': 1 } }, { depth: 0 });
  console.dirxml('dirxml');
  console.table([{ row: 1 }]);
  expect(messages.pop()).toContain('│ row │');
  expect(messages).toEqual([
    'Unknown tokenizer class "Bert\\u001b[2J\\u0000"\n',
    'two\nlines { of: 1 }\n',
    'debug\n',
    'error\n',
    'info\n',
    '{ deep: [Object] }\n',
    'dirxml\n',
  ]);
  expect(out.read()).toBeNull();
});
