import { HeadstartError } from '@headstart/artifacts/errors';
import type { ViewedSample } from '@headstart/core/readers';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { findSamples, type SampleSource } from './find-samples.ts';
import { madeUpReport, SMALL } from './report.test.support.ts';
import type { ReportCell } from './report-data.ts';

const worst = { id: 'a', digest: 'da', truth: 'cat', predicted: 'dog', score: 0 };

async function cellsOn(test: string): Promise<ReportCell[]> {
  const { cells } = await madeUpReport({ ...SMALL, domains: [test], shots: [8] });
  return cells.map((cell) => ({ ...cell, worst: [worst] }));
}

function source(licence: string, view: () => Promise<Omit<ViewedSample, 'id'>>): SampleSource {
  return {
    datasets: () => [{ origin: 'test', value: { id: 'set', licence } }] as never,
    views: async () => new Map([['da', { id: 'a', ...(await view()) }]]),
  };
}

describe('samples of a report', () => {
  it('are texts, cut where they are long', async () => {
    const text = 'x'.repeat(1000);
    const found = await findSamples(
      await cellsOn('set'),
      source('MIT', async () => ({ texts: ['short', text] })),
    );
    expect(found).toEqual({ samples: [{ digest: 'da', texts: ['short', `${'x'.repeat(400)} …`] }], withheld: [] });
  });

  it('are pictures as thumbnails', async () => {
    const png = await sharp({ create: { width: 600, height: 300, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const picture = { image: { kind: 'memory', bytes: png } } as never;
    const { samples } = await findSamples(
      await cellsOn('set'),
      source('MIT', async () => ({ picture })),
    );
    const shown = Buffer.from(samples[0]!.picture!.replace('data:image/jpeg;base64,', ''), 'base64');
    expect(await sharp(shown).metadata()).toMatchObject({ format: 'jpeg', width: 128, height: 64 });
  });

  it('stay out where the licence forbids to pass them on, and of what is no registered data set', async () => {
    const asked = source('© Apple, not for redistribution', () => Promise.reject(new Error('read')));
    expect(await findSamples(await cellsOn('set'), asked)).toEqual({
      samples: [],
      withheld: [{ domain: 'set', why: 'Its items are named and not shown: © Apple, not for redistribution.' }],
    });
    const { withheld } = await findSamples(await cellsOn('mine'), asked);
    expect(withheld[0]!.why).toMatch(/no registered data set/);
  });

  it('are left out where the data cannot be read now', async () => {
    const error = new HeadstartError({ code: 'artifact-unreachable', message: 'No network.', hint: 'Connect.' });
    const found = await findSamples(
      await cellsOn('set'),
      source('MIT', () => Promise.reject(error)),
    );
    expect(found.withheld).toEqual([{ domain: 'set', why: 'Its items are named and not shown: No network.' }]);
  });
});
