import { writeFile } from 'node:fs/promises';

/** Writes a sound of one channel as a WAV file of 16 bits. */
export async function writeWav(path: string, samples: Float32Array, rate: number): Promise<void> {
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(2 * rate, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((value, i) => bytes.writeInt16LE(Math.round(32_767 * Math.min(1, Math.max(-1, value))), 44 + 2 * i));
  await writeFile(path, bytes);
}
