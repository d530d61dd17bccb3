// Whether the backend trains on each supported Node, and gives the same bytes on all of them.
// Fetches each Node from the npm registry (about 120 MB apiece), so it is not part of `npm test`.
//
//   node tools/run.mjs measure node-versions
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { cacheRoot } from '@headstart/artifacts/storage';
import { createArtifacts } from '@headstart/core';
import { fetchNode, NODE_VERSIONS } from '../workspace/nodes.ts';
import { workspaceRoot } from '../workspace/root.mjs';
import { sourceArguments, sourceEnvironment } from '../workspace/source-mode.mjs';
import { terminalProgress } from '../workspace/terminal-progress.ts';

interface Outcome {
  node: string;
  passed: boolean;
  /** Digest of the weights after training, or what went wrong. */
  weights?: string;
  stepMs?: number;
  failure?: string;
}

function train(node: string, version: string): Outcome {
  const program = join(workspaceRoot, 'tools/measure/node-training-smoke.ts');
  const run = spawnSync(node, [...sourceArguments, program], {
    env: sourceEnvironment(),
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (run.status !== 0)
    return {
      node: version,
      passed: false,
      failure: run.stderr.trim().split('\n').slice(-5).join(' ') || String(run.error ?? run.signal),
    };
  const noise = run.stderr.trim();
  return {
    node: version,
    passed: noise === '',
    ...(JSON.parse(run.stdout) as { weights: string; stepMs: number }),
    ...(noise ? { failure: `it prints: ${noise}` } : {}),
  };
}

const artifacts = createArtifacts({ root: join(cacheRoot(), 'artifacts'), progress: terminalProgress() });
const outcomes: Outcome[] = [];
for (const version of NODE_VERSIONS) {
  const outcome = train(await fetchNode(artifacts, version), version);
  outcomes.push(outcome);
  console.log(
    `Node ${version}: ${outcome.passed ? `trains, ${outcome.stepMs!.toFixed(1)} ms per step, weights ${outcome.weights!.slice(0, 12)}` : outcome.failure}`,
  );
}
const digests = new Set(outcomes.map(({ weights }) => weights));
console.log(digests.size === 1 ? 'All end with the same weights, bit for bit.' : 'The weights differ.');
if (digests.size !== 1 || outcomes.some(({ passed }) => !passed)) process.exitCode = 1;
