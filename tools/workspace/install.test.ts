import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isInstalled, writeStamp } from './install.mjs';

describe('isInstalled', () => {
  let root: string;
  const write = (path: string, text: string, seconds: number) => {
    writeFileSync(join(root, path), text);
    utimesSync(join(root, path), seconds, seconds);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'headstart-install-'));
    write('package-lock.json', '{}', 1000);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('is false in a clean clone and after an installation that broke off', () => {
    expect(isInstalled(root)).toBe(false);
    mkdirSync(join(root, 'node_modules'));
    expect(isInstalled(root)).toBe(false);
  });

  it('trusts an npm install made after the lock file, and none made before', () => {
    mkdirSync(join(root, 'node_modules'));
    write('node_modules/.package-lock.json', '{}', 2000);
    expect(isInstalled(root)).toBe(true);
    write('package-lock.json', '{ "changed": true }', 3000);
    expect(isInstalled(root)).toBe(false);
  });

  it("goes by the lock file's content once there is a stamp", () => {
    mkdirSync(join(root, 'node_modules'));
    writeStamp(root);
    write('package-lock.json', '{}', 9000);
    expect(isInstalled(root)).toBe(true);
    write('package-lock.json', '{ "changed": true }', 9000);
    expect(isInstalled(root)).toBe(false);
  });

  it('is false for dependencies of another platform', () => {
    mkdirSync(join(root, 'node_modules'));
    writeStamp(root);
    const platform = Object.getOwnPropertyDescriptor(process, 'platform');
    try {
      Object.defineProperty(process, 'platform', { ...platform, value: 'sunos' });
      expect(isInstalled(root)).toBe(false);
    } finally {
      if (platform) Object.defineProperty(process, 'platform', platform);
    }
  });
});
