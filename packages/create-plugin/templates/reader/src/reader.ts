import { createHash } from 'node:crypto';
import { basename, extname, resolve } from 'node:path';
import { HeadstartError, type Reader, type ReadSample, type SkippedSample } from '@headstart/core';
import { byCodeUnit, readLines } from '@headstart/core/readers';
import { parseLine, type PointLine } from './parse-line.ts';
import type { PointSample } from './point-sample.ts';

/** A text file with a point per line: `1.5, -2, left`. Empty lines and those that begin with # are passed over. */
export const reader: Reader<PointSample> = {
  id: 'your-name',
  modality: 'point',
  description: 'A .points file: per line two coordinates and a label, separated by commas',
  task: 'point-classification',

  detect: async (path) => (extname(path).toLowerCase() === '.points' ? 0.9 : 0),

  async read(path, { skipBad, progress }) {
    const found: (PointLine & { id: string })[] = [];
    const skipped: SkippedSample[] = [];
    const bar = progress.start({ label: 'reading points', unit: 'samples' });
    try {
      for await (const { text, line } of readLines(path)) {
        if (text.trim() === '' || text.startsWith('#')) continue;
        const id = `${basename(path)}:${line}`;
        const parsed = parseLine(text);
        if (!('fault' in parsed)) found.push({ id, ...parsed });
        else if (skipBad) skipped.push({ id, reason: parsed.fault });
        else throw unreadable(path, line, parsed.fault);
        bar.update(found.length);
      }
    } finally {
      bar.end();
    }
    const labels = [...new Set(found.map(({ label }) => label))].sort(byCodeUnit);
    const samples = found.map(({ id, point, label }): ReadSample<PointSample> => {
      const digest = createHash('sha256').update(point.join()).digest('hex');
      return { sample: { id, digest, point, label: labels.indexOf(label) } };
    });
    return { id: basename(resolve(path)), modality: 'point', reader: 'your-name', labels, samples, skipped };
  },
};

function unreadable(path: string, line: number, fault: string): HeadstartError {
  return new HeadstartError({
    code: 'sample-unreadable',
    message: `${path}, line ${line}: ${fault}.`,
    hint: 'Correct the line, or leave such lines out with --skip-bad.',
  });
}
