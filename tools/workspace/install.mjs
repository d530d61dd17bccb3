// @ts-check
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { workspaceRoot } from './root.mjs';

/** What an installation was made from; it is redone when any of this changes. @param {string} root */
function wantedStamp(root) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${lock} ${process.platform}-${process.arch}\n`;
}

/**
 * Says whether `root`'s node_modules was made from its package-lock.json: by this program (which
 * leaves a stamp with the lock file's digest) or by an `npm install` after the lock file's last change.
 * @param {string} root
 */
export function isInstalled(root) {
  const stamp = join(root, 'node_modules', '.headstart-install');
  const wanted = wantedStamp(root);
  if (existsSync(stamp)) {
    const [found, current] = [readFileSync(stamp, 'utf8'), wanted].map((text) => text.split(' '));
    if (found?.[0] === current?.[0]) return found?.[1] === current?.[1];
  }
  // npm writes this file as its last act.
  const byNpm = join(root, 'node_modules', '.package-lock.json');
  return existsSync(byNpm) && statSync(byNpm).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

/** @param {string} root */
export function writeStamp(root) {
  writeFileSync(join(root, 'node_modules', '.headstart-install'), wantedStamp(root));
}

/**
 * Installs the workspace's dependencies from the lock file unless they are there. Dependencies' own
 * install scripts stay off. Progress goes to stderr, so that stdout remains the program's.
 * @param {string} [root]
 * @returns {Promise<void>}
 */
export async function installDependencies(root = workspaceRoot) {
  if (!isInstalled(root)) {
    const started = Date.now();
    process.stderr.write('Installing dependencies from package-lock.json (a minute or so the first time) …\n');
    const { file, args, shell } = npm();
    const code = await new Promise((resolve, reject) => {
      const child = spawn(file, [...args, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=notice'], {
        cwd: root,
        stdio: ['ignore', 2, 2],
        shell,
      });
      child.on('error', reject);
      child.on('exit', resolve);
    });
    if (code !== 0) {
      throw new Error(
        `Installing dependencies failed: npm ci ended with ${code}. ` +
          'Its messages stand above; check that npm can reach its registry, then run the command again.',
      );
    }
    process.stderr.write(`Dependencies installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
  }
  writeStamp(root);
}
