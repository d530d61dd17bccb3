import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { workspaceRoot } from '../tools/workspace/root.mjs';
import { sourceArguments, sourceEnvironment } from '../tools/workspace/source-mode.mjs';

it("TensorFlow.js core's own test suite passes on libtensorflow, but for what the list of exclusions gives a reason for", () => {
  const program = join(workspaceRoot, 'tools', 'conformance', 'main.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [...sourceArguments, program], {
    env: sourceEnvironment(),
    encoding: 'utf8',
  });
  expect(`${stdout}${stderr}`).not.toMatch(/^(failed|wrong) /m);
  expect(status).toBe(0);
  const [passed, failed, listed] = /(\d+) passed, (\d+) failed, (\d+) listed\n$/.exec(stdout)!.slice(1).map(Number) as [
    number,
    number,
    number,
  ];
  expect(failed).toBe(0);
  expect(listed / (passed + listed)).toBeLessThan(0.005);
}, 300_000);
