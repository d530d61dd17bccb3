import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Client, Wishes } from './clients.ts';
import { plainEnvironment, runProgram, succeeded, type Outcome } from './run-program.ts';

/** An empty folder in which somebody tries Headstart with one client, one Node and one choice of scripts. */
export class Project {
  private constructor(
    readonly folder: string,
    readonly client: Client,
    readonly wishes: Wishes,
  ) {}

  /** Makes the folder, with the client's settings in it. */
  static async open(folder: string, client: Client, wishes: Wishes): Promise<Project> {
    await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(client.files(wishes))) await writeFile(join(folder, name), text);
    return new Project(folder, client, wishes);
  }

  /** Installs packages. @throws Error with what the client said where it fails */
  async add(...packages: string[]): Promise<Outcome> {
    return succeeded(await this.run(this.client.add(this.wishes, packages)));
  }

  /** Runs the installed `headstart`. @param env settings beside the client's */
  headstart(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return this.run(this.client.exec(this.wishes, ['headstart', ...args]), env);
  }

  /** Runs `headstart --json` and reads its document. @throws Error with what it said where it fails */
  async document<T>(...args: string[]): Promise<T> {
    return JSON.parse(succeeded(await this.headstart([...args, '--json'])).stdout) as T;
  }

  /**
   * Runs a command line with the client's settings.
   * @param env settings beside the client's
   * @param cwd the project's folder, or another one
   */
  run([file, ...args]: string[], env: NodeJS.ProcessEnv = {}, cwd = this.folder): Promise<Outcome> {
    const base = plainEnvironment();
    const path = `${dirname(this.wishes.node)}${delimiter}${base['PATH'] ?? ''}`;
    return runProgram(file!, args, {
      cwd,
      env: { ...base, ...this.client.environment(this.wishes), PATH: path, ...env },
      shell: process.platform === 'win32',
    });
  }
}
