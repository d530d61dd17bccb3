import { HeadstartError } from '@headstart/artifacts/errors';
import { checkCoreRange, checkManifest, KNOWN_PACKAGES, type Contributions } from '@headstart/core/manifest';
import { KEYWORD } from '../plugins/setting.ts';
import type { PackageJson } from '../packages/package-json.ts';
import type { ManagerClient } from './manager-client.ts';
import type { PackageSpec } from './package-spec.ts';

/** A plugin as the registry has it. */
export interface PublishedPlugin {
  readonly name: string;
  readonly version: string;
  /** Absent where its package does not say it. */
  readonly contributes?: Contributions;
}

const FIELDS = ['name', 'version', 'keywords', 'peerDependencies', 'headstart'];
/** A registry that does not answer is asked once more, soon. */
const IMPATIENT = { npm_config_fetch_retries: '1', npm_config_fetch_retry_mintimeout: '500', YARN_HTTP_RETRY: '1' };

/**
 * What the registry says of a package, asked by the package manager, which knows its address and the user's credentials.
 * @throws HeadstartError `artifact-not-found`, `artifact-unreachable`, `plugin-invalid`, `plugin-incompatible`
 */
export async function publishedPlugin(client: ManagerClient, { name, version }: PackageSpec): Promise<PublishedPlugin> {
  const spec = version === undefined ? name : `${name}@${version}`;
  const said = await ask(client, spec);
  const found = lastOf(said.stdout) as PackageJson | undefined;
  if (said.status !== 0 || typeof found?.version !== 'string') throw unanswered(client, spec, said);
  const known = KNOWN_PACKAGES.some((each) => each.name === name);
  if (!known && found.headstart === undefined && !found.keywords?.includes(KEYWORD)) {
    throw new HeadstartError({
      code: 'plugin-invalid',
      message: `${name} ${found.version} is no plugin of Headstart: it has neither the keyword ${KEYWORD} nor a manifest.`,
      hint: 'Check the name. Packages that are not plugins are installed by your package manager.',
    });
  }
  const manifest = found.headstart === undefined ? undefined : checkManifest(name, found.headstart);
  const range = found.peerDependencies?.['@headstart/core'];
  if (range !== undefined) checkCoreRange(name, range);
  return { name, version: found.version, contributes: manifest?.contributes };
}

async function ask(client: ManagerClient, spec: string) {
  switch (client.manager) {
    case 'yarn': {
      const { stdout } = await client.run(['--version']);
      const classic = stdout.startsWith('1.');
      return client.run(
        classic ? ['info', spec, '--json'] : ['npm', 'info', spec, '--json', '--fields', FIELDS.join(',')],
        IMPATIENT,
      );
    }
    case 'bun':
      return client.run(['pm', 'view', spec, '--json'], IMPATIENT);
    default:
      return client.run(['view', spec, ...FIELDS, '--json'], IMPATIENT);
  }
}

/** The document that a client printed; the last, where a range has several versions. */
function lastOf(stdout: string): unknown {
  const start = stdout.search(/^\s*[[{]/m);
  try {
    const document = JSON.parse(stdout.slice(Math.max(0, start))) as unknown;
    const last = Array.isArray(document) ? (document.at(-1) as unknown) : document;
    // Yarn 1 wraps it.
    const { type, data } = (last ?? {}) as { type?: unknown; data?: unknown };
    return type === 'inspect' ? data : last;
  } catch {
    return undefined;
  }
}

function unanswered(
  { manager }: ManagerClient,
  spec: string,
  said: { stdout: string; stderr: string },
): HeadstartError {
  const text = `${said.stderr}\n${said.stdout}`;
  const absent =
    /\b(E404|404|ETARGET|No match(ing version)? found|not found in the registry|Package not found)\b/i.test(text);
  if (absent || (said.stderr.trim() === '' && said.stdout.trim() === '')) {
    return new HeadstartError({
      code: 'artifact-not-found',
      message: `There is no package ${spec} on the registry that ${manager} uses.`,
      hint: 'Check the name and the version.',
    });
  }
  const why =
    text.split('\n').find((line) => /ERR|error|refused|ENOTFOUND|EAI_AGAIN|timeout/i.test(line)) ?? text.trim();
  return new HeadstartError({
    code: 'artifact-unreachable',
    message: `${manager} could not ask the registry for ${spec}: ${why.trim().slice(0, 300)}`,
    hint: `Check the network and the settings of ${manager} (registry, proxy). Nothing was changed.`,
  });
}
