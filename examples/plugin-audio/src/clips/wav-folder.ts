import { HeadstartError, type Reader, type ReadSample, type SkippedSample } from '@headstart/core';
import { detectClassFolders, isLeftover, listClassFolders, type ClassFolderKind } from '@headstart/core/readers';
import { basename, resolve } from 'node:path';
import type { AudioSample } from './audio-sample.ts';
import { readClip } from './read-clip.ts';

const clips: ClassFolderKind = {
  one: 'recording',
  many: 'recordings',
  names: (name) => /\.wave?$/i.test(name),
  passOver: (name) => isLeftover(name) || /\.(txt|md|json|csv)$/i.test(name),
};

/** A folder of class folders: `words/yes/1.wav` says yes. Folders `train`, `validation` and `test` above them are the splits. */
export const wavFolder: Reader<AudioSample> = {
  id: 'wav-folder',
  modality: 'audio',
  description: 'A folder with one folder of WAV recordings per keyword',
  task: 'audio-classification',

  detect: (path) => detectClassFolders(path, clips, 0.8),

  async read(path, { progress, skipBad }) {
    const { labels, files } = await listClassFolders(path, clips);
    const samples: ReadSample<AudioSample>[] = [];
    const skipped: SkippedSample[] = [];
    const bar = progress.start({ label: 'reading recordings', total: files.length, unit: 'samples' });
    try {
      for (const { id, path: file, label, split } of files) {
        try {
          samples.push({ sample: { ...(await readClip(file, id)), label }, split });
        } catch (cause) {
          if (!skipBad || !HeadstartError.is(cause)) throw cause;
          skipped.push({ id, reason: cause.message });
        }
        bar.update(samples.length + skipped.length);
      }
    } finally {
      bar.end();
    }
    return { id: basename(resolve(path)), modality: 'audio', reader: 'wav-folder', labels, samples, skipped };
  },
};
