import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/**
 * Problems that packages of ES modules have by design: TypeScript's oldest resolution knows no exports maps, and
 * `require` of an ES module needs a Node that can.
 */
const byDesign = new Set(['CJSResolvesToESM', 'NoResolution:node10', 'UntypedResolution:node10']);

/**
 * What publint and Are The Types Wrong find in a tarball as ES modules' users would meet it, a sentence each.
 * @param tarball path of what `npm pack` wrote
 */
export async function resolutionProblems(name: string, tarball: string): Promise<string[]> {
  const data = readFileSync(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) },
    level: 'warning',
    strict: true,
  });
  const lint = messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
  const types = await checkPackage(createPackageFromTarballData(new Uint8Array(data)));
  const wrong = types.types
    ? types.problems
        .filter((problem) => {
          const kind = 'resolutionKind' in problem ? `:${problem.resolutionKind}` : '';
          return !byDesign.has(problem.kind) && !byDesign.has(problem.kind + kind);
        })
        .map((problem) => JSON.stringify(problem))
    : ['has no types.'];
  return [...lint.map((line) => `${name}, publint: ${line}`), ...wrong.map((line) => `${name}, types: ${line}`)];
}
