import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Artifacts } from '@headstart/core';

export const CHROMIUM_VERSION = '147.0.0';

/** Chromium without a screen, for Linux on x86-64, with the libraries that it needs beside glibc. MIT and BSD. */
const CHROMIUM = {
  uri: `npm:@sparticuz/chromium@${CHROMIUM_VERSION}`,
  archiveSha256: '18fe5404ce845594cd7d592fc07f37a19514079ba4d9c27192ad8b908743f16b',
  include: ['bin'],
};

/** Whether the package's files run here. */
export const CHROMIUM_RUNS_HERE = process.platform === 'linux' && process.arch === 'x64';

/** Parts of the package: the browser's executable, the libraries that it needs, and SwiftShader with a Vulkan loader. */
export type ChromiumPart = 'chromium' | 'al2023.tar' | 'swiftshader.tar';

/** Unpacks parts of the package into a folder that is there. */
export async function unpackChromium(
  parts: readonly ChromiumPart[],
  folder: string,
  artifacts: Artifacts,
): Promise<void> {
  const { path } = await artifacts.package(CHROMIUM);
  for (const name of parts) {
    const file = join(folder, name);
    await pipeline(
      createReadStream(join(path, 'bin', `${name}.br`)),
      createBrotliDecompress(),
      createWriteStream(file),
    );
    if (name.endsWith('.tar')) await promisify(execFile)('tar', ['-xf', file, '-C', folder]);
  }
}
