import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { spawnCommand } from '../testing/spawn-command.ts';
import { pluginModule, schemeOf, TempProject } from '../testing/temp-project.ts';

interface Listed {
  readonly name: string;
  readonly version: string | null;
  readonly origin: string;
  readonly path: string | null;
  readonly registers: Readonly<Record<string, readonly string[]>>;
  readonly problem?: { readonly code: string; readonly message: string };
}

let project: TempProject;
beforeAll(async () => {
  project = await TempProject.create();
});
afterAll(() => project.remove());

const command = (...args: string[]) =>
  spawnCommand(args, {
    cwd: project.folder,
    env: { HEADSTART_CACHE: join(project.folder, 'cache'), HEADSTART_BACKEND: 'cpu' },
  });

describe('the real command with plugins of others', () => {
  beforeAll(async () => {
    const tones = schemeOf('tones');
    const chords = schemeOf('chords');
    await project.install('headstart-tones', pluginModule('headstart-tones', tones.setup), tones.manifest);
    await project.install('headstart-bare', pluginModule('headstart-bare', chords.setup));
    await project.install(
      'headstart-throws',
      pluginModule('headstart-throws', "throw new Error('No microphone.');"),
      schemeOf('noises').manifest,
    );
    await project.install('headstart-broken', "throw new Error('No ears.');");
    await project.install('no-plugin', 'export const plugin = 1;');
    await project.install('headstart-alias', pluginModule('somebody-else', ''));
    await project.install('headstart-old', pluginModule('headstart-old', '', { headstart: '^9' }));
    await project.install('headstart-new', pluginModule('headstart-new', ''), { headstart: { api: 99 } });
    const plugins = [
      'headstart-tones',
      'headstart-throws',
      'headstart-bare',
      'headstart-broken',
      'no-plugin',
      'headstart-alias',
      'headstart-old',
      'headstart-new',
      'headstart-gone',
    ];
    await project.write('headstart.config.json', { plugins });
  });

  it('lists each with where it is from and what it brings; those that fail are named with the reason, and the others go on', async () => {
    const { code, stdout, stderr } = await command('plugins', '--json');
    expect(stderr).toBe('');
    expect(code).toBe(1);
    const listed = JSON.parse(stdout) as Listed[];
    expect(listed.map(({ name, problem }) => [name, problem?.code])).toEqual([
      ['headstart-tones', undefined],
      ['headstart-throws', 'plugin-invalid'],
      ['headstart-bare', undefined],
      ['headstart-broken', 'plugin-failed'],
      ['no-plugin', 'plugin-invalid'],
      ['headstart-alias', 'plugin-invalid'],
      ['headstart-old', 'plugin-incompatible'],
      ['headstart-new', 'plugin-incompatible'],
      ['headstart-gone', 'plugin-missing'],
      ['@headstart/vision', undefined],
      ['@headstart/nlp', undefined],
      ['@headstart/detection', undefined],
      ['@headstart/core', undefined],
    ]);
    const problem = (name: string) => listed.find((each) => each.name === name)?.problem?.message;
    expect(problem('headstart-throws')).toContain('No microphone.');
    expect(problem('headstart-broken')).toContain('failed while it was imported: No ears.');
    expect(problem('no-plugin')).toContain('no plugin of Headstart: its default export is missing');
    expect(problem('headstart-alias')).toContain('calls itself "somebody-else"');
    expect(problem('headstart-old')).toContain('^9');
    expect(listed[0]).toEqual({
      name: 'headstart-tones',
      version: '1.2.0',
      origin: 'config',
      path: join(project.folder, 'node_modules', 'headstart-tones'),
      registers: { schemes: ['tones:'] },
    });
    expect(listed[2]!.registers).toEqual({ schemes: ['chords:'] });
    expect(listed[9]).toMatchObject({
      origin: 'not used',
      registers: { tasks: ['image-classification', 'multi-label-image-classification'] },
    });
  });

  it('answers what does not need those that fail, and says why where something does', async () => {
    const [strategies, noises, train] = await Promise.all([
      command('strategies', '--json'),
      command('predict', 'noises:loud', 'a.wav', '--json'),
      command('train', project.folder, '--source', 'hum', '--json'),
    ]);
    expect(strategies.code).toBe(0);
    expect(strategies.stderr).toMatch(/warn.*headstart-throws is left out\. .*No microphone/);
    expect(JSON.parse(strategies.stdout)).toContainEqual(expect.objectContaining({ id: 'linear-probe' }));
    expect(noises.code).toBe(1);
    expect(JSON.parse(noises.stdout)).toMatchObject({
      error: {
        code: 'unknown-name',
        message: 'Unknown source "noises:loud": it comes with headstart-throws.',
        hint: expect.stringMatching(/headstart-throws could not be used: .*No microphone/) as string,
      },
    });
    const { error } = JSON.parse(train.stdout) as { error: { code: string; hint: string } };
    expect(error.code).toBe('unknown-name');
    expect(error.hint).toMatch(/headstart-broken is left out: .*No ears/);
  });
});

describe('the real command in a project with one domain of its choice', () => {
  let photos: TempProject;
  beforeAll(async () => {
    photos = await TempProject.create();
    const tones = schemeOf('tones');
    await photos.install('headstart-tones', 'throw new Error("It is run.");', tones.manifest);
    await photos.write('package.json', { dependencies: { 'headstart-tones': '1' } });
    await photos.write('headstart.config.mjs', `export default { plugins: ['@headstart/vision'] };`);
    await photos.write('reviews.txt', 'good\nbad\n');
    await photos.write('texts/model.json', {});
  });
  afterAll(() => photos.remove());

  const inPhotos = async (...args: string[]) => {
    const { code, stdout } = await spawnCommand([...args, '--json'], {
      cwd: photos.folder,
      env: { HEADSTART_BACKEND: 'cpu' },
    });
    expect(code).toBe(1);
    return (JSON.parse(stdout) as { error: { code: string; message: string; hint: string } }).error;
  };

  it('names the package that brings what is asked for', async () => {
    const errors = await Promise.all([
      inPhotos('train', 'reviews.txt'),
      inPhotos('train', 'reviews.txt', '--task', 'text-classification'),
      inPhotos('train', 'sentiment-imdb'),
      inPhotos('train', 'reviews.txt', '--source', 'tones:a'),
    ]);
    expect(errors.map(({ code }) => code)).toEqual([
      'target-unreadable',
      'unknown-name',
      'unknown-name',
      'unknown-name',
    ]);
    for (const { message, hint } of errors.slice(0, 3)) {
      expect(`${message} ${hint}`).toMatch(
        /@headstart\/nlp is installed and not used: name it in headstart\.config\.mjs, or run headstart add @headstart\/nlp/,
      );
    }
    expect(errors[3].hint).toMatch(/headstart-tones is installed and not used: name it in headstart\.config\.mjs/);
  });

  it('says where a configuration is not JavaScript', async () => {
    await photos.write('broken/headstart.config.mjs', 'export default {\n  plugins: [\n  }\n');
    const { stdout } = await spawnCommand(['plugins', '--json'], { cwd: join(photos.folder, 'broken') });
    expect(JSON.parse(stdout)).toMatchObject({
      error: {
        code: 'config-invalid',
        message: expect.stringMatching(/headstart\.config\.mjs, it failed at line 3:/) as string,
      },
    });
  });
});
