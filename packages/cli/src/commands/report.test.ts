import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Bench } from '../bench-types.ts';
import { FakeHeadstart } from '../testing/fake-headstart.ts';
import { runCommand } from '../testing/run-command.ts';

const files = ['report.html', 'tables/results.md', 'report.json'];

/** A benchmark's package whose reports have two sentences and a warning, or cannot be written. */
class FakeReports extends FakeHeadstart {
  readonly written: string[] = [];

  override async bench(): Promise<Bench> {
    return {
      ...(await super.bench()),
      writeReport: (dir) => {
        this.written.push(dir);
        const data = { verdicts: [] } as unknown as Awaited<ReturnType<Bench['writeReport']>>['data'];
        return Promise.resolve({ data, files });
      },
      pairSentences: () => ['lp-ft is better than linear-probe.', 'lora is undecided.'],
      benchmarkWarnings: () => ['Three seeds are few.'],
    };
  }
}

describe('headstart report', () => {
  it('prints the verdicts, and says beside them what it warns of and wrote', async () => {
    const fake = new FakeReports();
    const { code, stdout, stderr } = await runCommand(fake, ['report', 'runs/few']);
    expect(code).toBe(0);
    expect(fake.written).toEqual(['runs/few']);
    expect(stdout).toBe('lp-ft is better than linear-probe.\nlora is undecided.\n');
    expect(stderr).toMatch(/warning +Three seeds are few\./);
    expect(stderr).toContain(`wrote ${join('runs/few', 'report.html')} and 2 files beside it`);
  });

  it('ends with one document', async () => {
    const { stdout } = await runCommand(new FakeReports(), ['report', 'runs/few', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      files,
      verdicts: ['lp-ft is better than linear-probe.', 'lora is undecided.'],
      warnings: ['Three seeds are few.'],
    });
  });

  it('of a folder that is no benchmark says so', async () => {
    const { code, stderr } = await runCommand(new FakeHeadstart(), ['report', join('no', 'such')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/such/);
  });
});
