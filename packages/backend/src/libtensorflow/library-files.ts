import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The two shared libraries that make up libtensorflow as the Python package ships it. */
export interface LibraryFiles {
  framework: string;
  main: string;
}

/** File names by platform, newest layout first (the C library release names the second differently). */
function candidates(platform: NodeJS.Platform): { framework: string; main: string }[] {
  if (platform === 'darwin') {
    return [
      { framework: 'libtensorflow_framework.2.dylib', main: 'libtensorflow_cc.2.dylib' },
      { framework: 'libtensorflow_framework.2.dylib', main: 'libtensorflow.2.dylib' },
    ];
  }
  return [
    { framework: 'libtensorflow_framework.so.2', main: 'libtensorflow_cc.so.2' },
    { framework: 'libtensorflow_framework.so.2', main: 'libtensorflow.so.2' },
  ];
}

/**
 * The libraries under a path: one of the two files, the folder they lie in, or a folder laid out
 * as site-packages (`tensorflow/`) or as TensorFlow's C library release (`lib/`).
 */
export function findLibraryFiles(path: string, platform: NodeJS.Platform = process.platform): LibraryFiles | undefined {
  const folders = [path, join(path, 'tensorflow'), join(path, 'lib')];
  if (/\.(so|dylib)/.test(basename(path))) folders.push(dirname(path));
  for (const folder of folders) {
    for (const names of candidates(platform)) {
      const files = { framework: join(folder, names.framework), main: join(folder, names.main) };
      if (existsSync(files.framework) && existsSync(files.main)) return files;
    }
  }
  return undefined;
}
