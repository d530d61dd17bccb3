import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { FakeHeadstart } from '../testing/fake-headstart.ts';
import { runCommand } from '../testing/run-command.ts';

const asking = (...more: string[]) => ['relabel', 'model', '--out', 'new', ...more];

it('takes labels apart at "=" and ",", but where a backslash is in front of them', async () => {
  const fake = new FakeHeadstart();
  const { code, stdout, stderr } = await runCommand(
    fake,
    asking('--rename', 'cat=kitten', '--rename', 'a\\=b=c\\,d', '--merge', 'x,y\\,z=w', '--merge', 'p,q=r'),
  );
  expect(code).toBe(0);
  expect(fake.relabelled).toEqual([
    [
      resolve('model'),
      {
        rename: [
          ['cat', 'kitten'],
          ['a=b', 'c,d'],
        ],
        merge: [
          [['x', 'y,z'], 'w'],
          [['p', 'q'], 'r'],
        ],
      },
      resolve('new'),
    ],
  ]);
  expect(fake.opened).toEqual([]);
  expect(stdout).toBe(`x is now a\ny is now b\n${resolve('new')}: 2 labels\n`);
  expect(stderr).toContain('Evaluate it again');
});

it('prints a document', async () => {
  const { stdout } = await runCommand(new FakeHeadstart(), asking('--rename', 'x=a', '--json'));
  expect(JSON.parse(stdout)).toMatchObject({ model: resolve('new'), labels: ['a', 'b'] });
});

it.each(['cat', '=kitten', 'cat=', 'a=b=c'])('refuses --rename %s', async (text) => {
  const { code, stderr } = await runCommand(new FakeHeadstart(), asking('--rename', text));
  expect(code).toBe(2);
  expect(stderr).toContain('Write labels, "=" and the new name');
});
