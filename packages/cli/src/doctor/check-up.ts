import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HeadstartError } from '@headstart/artifacts/errors';
import { noBackend } from '../no-backend.ts';
import { findPackage } from '../packages/find-package.ts';
import type { Setting } from '../plugins/setting.ts';
import type { Workplace } from '../workplace.ts';
import type { Check } from './check.ts';
import { oneCopy } from './copies.ts';
import { cacheCheck, nodeCheck } from './machine-checks.ts';
import { pluginCheck } from './plugin-checks.ts';

const COMMAND_FOLDER = dirname(fileURLToPath(import.meta.url));

/** What of this installation works and what does not, from Node to the disk. */
export async function checkUp(workplace: Workplace): Promise<Check[]> {
  const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    engines: { node: string };
  };
  return [
    nodeCheck(engines.node.replace(/^>=/, '')),
    ...(await projectChecks(workplace)),
    await backendCheck(),
    await cacheCheck(),
  ];
}

async function projectChecks(workplace: Workplace): Promise<Check[]> {
  const name = 'configuration';
  let setting: Setting;
  try {
    setting = await workplace.setting();
  } catch (error) {
    if (!HeadstartError.is(error)) throw error;
    return [
      { name, state: 'fail', found: `${error.message} [${error.code}]`, todo: error.hint },
      ...copyChecks(workplace.cwd, []),
    ];
  }
  const { configFile, uses, unused } = setting;
  const headstart = await workplace.compose({ backend: noBackend });
  const found = configFile ?? 'none; installed domains are used';
  const idle = unused.map(({ name: each }) => each).join(', ');
  const configuration: Check = { name, state: 'ok', found: idle ? `${found}; installed and not used: ${idle}` : found };
  const domains: Check[] =
    uses.length > 0
      ? []
      : [
          {
            name: 'plugins',
            state: 'warn',
            found: 'there are none',
            todo: 'Install a domain, such as @headstart/vision.',
          },
        ];
  const folders = uses.flatMap(({ package: each }) => each?.folder ?? []);
  return [
    configuration,
    ...domains,
    ...uses.map((use) => pluginCheck(use, headstart, workplace.failures)),
    ...copyChecks(workplace.cwd, folders),
  ];
}

/** Of what has to be there once: what the command, the project and each plugin would load. */
function copyChecks(cwd: string, plugins: readonly string[]): Check[] {
  const core = findPackage('@headstart/core', COMMAND_FOLDER)?.folder ?? COMMAND_FOLDER;
  const dedupe =
    'Have one copy: "npm dedupe", the same version in all, or run the command that your project has installed.';
  return [
    oneCopy('@headstart/core', [COMMAND_FOLDER, cwd, ...plugins], { several: 'warn', todo: dedupe }),
    oneCopy('@tensorflow/tfjs-core', [core, cwd, ...plugins], { several: 'fail', todo: dedupe }),
  ];
}

async function backendCheck(): Promise<Check> {
  const { doctor } = await import('@headstart/backend');
  const { chosen, engines } = await doctor();
  const engine = engines.find(({ name }) => name === chosen);
  const name = 'backend';
  if (engine) return { name, state: 'ok', found: `${engine.name} on ${engine.device ?? 'cpu'}: ${engine.reason}` };
  return { name, state: 'fail', found: 'no engine works here', todo: 'headstart backend doctor says what each lacks.' };
}
