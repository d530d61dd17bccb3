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
  expect(messages).toEqual([
    'Unknown tokenizer class "Bert\\u001b[2J\\u0000"\n',
    'two\nlines { of: 1 }\n',
    'debug\n',
    'error\n',
    'info\n',
  ]);
  expect(out.read()).toBeNull();
});
