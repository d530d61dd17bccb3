import { beforeEach, describe, expect, it } from 'vitest';
import { FakeHeadstart } from '../testing/fake-headstart.ts';
import { fakeRanking } from '../testing/fake-results.ts';
import { runCommand } from '../testing/run-command.ts';

let fake: FakeHeadstart;
beforeEach(() => void (fake = new FakeHeadstart()));

describe('sources rank', () => {
  it('asks for what the flags say, and prints one document', async () => {
    const sources = ['--source', 'fake-source', '--source', 'fake:words'];
    const reading = ['--seed', '3', '--split', '80/10/10', '--skip-bad'];
    const args = [...sources, ...reading, '--score', 'logme', '--samples', '200', '--threads', '1'];
    const { code, stdout } = await runCommand(fake, ['sources', 'rank', 'fake-set', ...args, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(fakeRanking);
    expect(fake.ranked).toEqual([
      {
        target: 'fake-set',
        sources: ['fake-source', 'fake:words'],
        seed: 3,
        split: [80, 10, 10],
        skipBad: true,
        score: 'logme',
        samples: 200,
      },
    ]);
    expect(fake.opened).toMatchObject([{ threads: 1 }]);
  });

  it('prints the order, what ways without a score would choose, and what was left out, within 80 columns', async () => {
    const { code, stdout } = await runCommand(fake, ['sources', 'rank', 'fake-set']);
    expect(code).toBe(0);
    expect(fake.ranked).toEqual([{ target: 'fake-set' }]);
    const lines = stdout.split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(lines[0]).toBe('source       layer      probe    1-NN  width  parameters  scored in');
    expect(lines[1]).toBe('fake-source  block5    0.7500  0.5000    112   1,234,567      0.3 s');
    expect(lines[2]).toBe('fake-source  pooled *  0.6250  0.5500   1280   1,234,567      0.5 s');
    expect(lines).toContain('scored on  500 training samples in 3 classes');
    expect(lines).toContain('by size    fake-source (pooled)');
    expect(lines).toContain('time       4.0 s: features 3.0 s (100 computed), scores 0.8 s');
    expect(lines).toContain('left out   fake-words: It reads words.');
  });

  it.each([
    [['rank'], 2, "Missing required argument 'target'"],
    [['rank', 'fake-set', '--score', 'size'], 2, 'Allowed choices are probe,'],
    [['rank', 'fake-set', '--samples', '0'], 2, 'It must be a whole number, 1 or more.'],
    [['rank', 'fake-set', '--source', 'fake-sauce'], 1, 'Did you mean "fake-source"?'],
    [['rank', 'fake-sett'], 1, 'Did you mean the data set "fake-set"?'],
  ])('refuses %j before it computes', async (args, code, message) => {
    const refused = await runCommand(fake, ['sources', ...args]);
    expect([refused.code, refused.stderr]).toEqual([code, expect.stringContaining(message)]);
    expect(fake.opened).toEqual([]);
  });
});
