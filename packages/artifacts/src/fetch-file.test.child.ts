import { createArtifacts } from './create-artifacts.ts';

/** Child process of the tests: fetches what its arguments name and prints the outcome as JSON. */
const [root, uri, sha256] = process.argv.slice(2) as [string, string, string | undefined];
const artifacts = createArtifacts({ root });
const outcome = await (uri.startsWith('package ')
  ? artifacts.package({ uri: uri.slice('package '.length), archiveSha256: sha256 })
  : artifacts.file({ uri, sha256 })
).catch((error: { code?: string; message: string }) => ({ code: error.code, message: error.message }));
process.stdout.write(`${JSON.stringify(outcome)}\n`);
