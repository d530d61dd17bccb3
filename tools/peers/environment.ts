import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { installRequirements, pythonEnvironment, requirementsDigest } from '../workspace/python-environment.ts';

const run = promisify(execFile);
const requirements = join(import.meta.dirname, 'requirements.txt');
const textRequirements = join(import.meta.dirname, 'requirements-text.txt');

const PEERS = {
  name: 'peers',
  requirements,
  announce:
    'Making the Python environment of the peers: PyTorch, Keras and TensorFlow, about 2.5 GB. This happens once.',
  check: 'import torch, keras, tensorflow, safetensors',
  env: { KERAS_BACKEND: 'tensorflow' },
};

/**
 * The Python of an environment that holds what requirements.txt names. What texts take beside it is added when it is
 * asked for.
 *
 * @throws HeadstartError as `pythonEnvironment` does
 */
export async function peersPython(
  say: (line: string) => void,
  { texts }: { readonly texts: boolean },
): Promise<string> {
  const python = await pythonEnvironment(PEERS, say);
  if (!texts) return python;
  const folder = dirname(dirname(python));
  const complete = join(folder, `texts-${await requirementsDigest(textRequirements)}`);
  if (existsSync(complete)) return python;
  say('Adding sentence-transformers, scikit-learn and Pillow to it. This happens once.');
  await installRequirements(python, PEERS.name, requirements, textRequirements);
  await run(python, ['-c', 'import sentence_transformers, transformers, sklearn, PIL'], { maxBuffer: 2 ** 26 });
  await writeFile(complete, '');
  return python;
}
