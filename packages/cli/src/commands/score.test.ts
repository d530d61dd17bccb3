import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FakeHeadstart } from '../testing/fake-headstart.ts';
import { runCommand } from '../testing/run-command.ts';

const score = (...args: string[]) =>
  runCommand(new FakeHeadstart(), ['score', '--truth', 'gt.json', '--predictions', 'dt.json', ...args]);

describe('headstart score', () => {
  it('prints the numbers, a dash for what is undefined, and what does not count', async () => {
    const { code, stdout, stderr } = await score();
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      '7 detections of 1,200 objects in 2 images',
      'AP       0.5000',
      'APsmall       -',
      '',
    ]);
    expect(stderr).toContain('3 detections are of categories that the truth does not have, and do not count: 90');
  });

  it('adds a table of the classes', async () => {
    const { stdout } = await score('--per-class');
    expect(stdout).toContain('class    objects      AP    AP50  AP75\ngt.json    1,200  0.5000  1.0000     -\n');
  });

  it('prints the numbers by name for programs, -1 for what is undefined', async () => {
    expect(JSON.parse((await score('--json')).stdout)).toEqual({ AP: 0.5, APsmall: -1 });
    const { perClass } = JSON.parse((await score('--json', '--per-class')).stdout) as { perClass: unknown };
    expect(perClass).toEqual([{ name: 'gt.json', objects: 1200, AP: 0.5, AP50: 1, AP75: -1 }]);
  });

  it('writes pages of what was found and of mistakes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'headstart-score-'));
    try {
      const page = join(folder, 'page.html');
      expect((await score('--report', page)).code).toBe(0);
      expect(await readFile(page, 'utf8')).toBe('<p>dt.json on gt.json</p>');
      const { code, stderr } = await score('--mistakes', page, '--json');
      expect([code, await readFile(page, 'utf8')]).toEqual([0, '<p>dt.json of gt.json</p>']);
      expect(stderr).toContain(`wrote ${page}`);
      expect((await score('--mistakes', 'page.png')).code).toBe(2);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('needs both files', async () => {
    expect((await runCommand(new FakeHeadstart(), ['score', '--truth', 'gt.json'])).code).toBe(2);
  });
});
