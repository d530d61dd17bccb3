import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeHeadstart } from '../testing/fake-headstart.ts';
import { fakeInspection } from '../testing/fake-results.ts';
import { runCommand } from '../testing/run-command.ts';

let fake: FakeHeadstart;
beforeEach(() => void (fake = new FakeHeadstart()));

describe('inspect', () => {
  it('asks for what train would read, and opens no backend', async () => {
    const args = ['fake-set', '--seed', '3', '--split', '80/10/10', '--reader-option', 'a=b', '--skip-bad', '--strict'];
    const clean = ['duplicates', 'imbalance', 'small-classes'];
    const cleaning = ['--clean', 'duplicates, imbalance', '--clean', 'small-classes'];
    const { code, stdout } = await runCommand(fake, ['inspect', ...args, ...cleaning, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(fakeInspection);
    expect((await runCommand(fake, ['inspect', 'fake-set', '--clean', 'all'])).code).toBe(2);
    const readerOptions = { a: 'b' };
    expect(fake.inspected).toEqual([
      { target: 'fake-set', seed: 3, split: [80, 10, 10], readerOptions, skipBad: true, clean, strict: true },
    ]);
    expect(fake.opened).toEqual([]);
    expect(fake.closed).toBe(1);
  });

  it('prints what was read within 80 columns', async () => {
    const { code, stdout } = await runCommand(fake, ['inspect', 'fake-set']);
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(lines).toContain('reader       fake-reader — it looks like one');
    expect(lines).toContain('columns      review → text, stars → label, id');
    expect(lines).toContain('table        separator tab, the first row names the columns, windows-1252');
    expect(lines).toContain('samples      train 7,000, validation 1,000, test 2,000; splits drawn by the seed');
    expect(lines).toContain('groups       1,200, the largest of 30 samples (ann); 4 samples in none');
    expect(lines).toContain('compared     9,997 different texts, for near-duplicates');
    expect(lines).toContain('unlabelled   1: reviews.tsv:7 (the label is empty)');
    expect(lines).toContain('passed over  hidden files (2): .a, .b');
    expect(lines).toContain('class 0     233          33    66');
    expect(lines).not.toContain('class 25');
    expect(lines).toContain('… and 10 more classes (--json lists all)');
    expect(lines).toContain('warning Something looks odd. [odd]');
    expect(lines).toContain('hint    Look at it.');
  });

  it('fails where the data cannot be learned, after it has shown them', async () => {
    const error = { code: 'label-invalid', message: 'One has no label.', hint: 'Label it.' };
    fake.inspection = { ...fakeInspection, error };
    const shown = await runCommand(fake, ['inspect', 'fake-set']);
    expect(shown.code).toBe(1);
    expect(shown.stdout).toContain('error   One has no label. [label-invalid]\nhint    Label it.');
    const { code, stdout } = await runCommand(fake, ['inspect', 'fake-set', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ reader: 'fake-reader', error });
  });

  it('holds data against others, and takes groups', async () => {
    const given = ['inspect', 'fake-set', '--against', 'fake-set', '--group-by', '^(v\\d)', '--json'];
    expect((await runCommand(fake, given)).code).toBe(0);
    expect(fake.heldAgainst).toEqual(['fake-set']);
    expect(fake.inspected).toEqual([{ target: 'fake-set', groupBy: '^(v\\d)' }]);
    expect((await runCommand(fake, ['inspect', 'fake-set', '--against', 'nowhere'])).code).toBe(1);
  });

  it('compares by embeddings where that is asked for, on a backend', async () => {
    expect((await runCommand(fake, ['inspect', 'fake-set', '--embeddings'])).code).toBe(0);
    expect((await runCommand(fake, ['inspect', 'fake-set', '--embeddings', '0.97'])).code).toBe(0);
    expect(fake.opened).toHaveLength(2);
    expect(fake.compared).toEqual([true, 0.97]);
    for (const wrong of ['1', '-0.5', 'much'])
      expect((await runCommand(fake, ['inspect', 'fake-set', `--embeddings=${wrong}`])).code).toBe(2);
  });

  it('writes a page', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'headstart-inspect-'));
    try {
      const file = join(folder, 'look.html');
      const { code, stdout, stderr } = await runCommand(fake, ['inspect', 'fake-set', '--page', file, '--json']);
      expect([code, stderr, JSON.parse(stdout)]).toEqual([0, `wrote ${file}\n`, fakeInspection]);
      expect(await readFile(file, 'utf8')).toBe('<p>page</p>');
      expect((await runCommand(fake, ['inspect', 'fake-set', '--page', 'look.txt'])).code).toBe(2);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('refuses names and targets that are not there', async () => {
    const { code, stderr } = await runCommand(fake, ['inspect', 'fake-sett']);
    expect(code).toBe(1);
    expect(stderr).toContain('Did you mean the data set "fake-set"?');
    expect((await runCommand(fake, ['inspect', 'fake-set', '--reader', 'gone'])).code).toBe(1);
    expect((await runCommand(fake, ['inspect'])).code).toBe(2);
    expect(fake.inspected).toEqual([]);
  });
});
