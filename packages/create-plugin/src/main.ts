#!/usr/bin/env node
import { createPluginCommand } from './command.ts';

const client = /^(npm|pnpm|yarn|bun)\//.exec(process.env['npm_config_user_agent'] ?? '')?.[1] ?? 'npm';
const { stdin: input, stdout: output } = process;

process.exitCode = await createPluginCommand(process.argv.slice(2), {
  cwd: process.cwd(),
  terminal: input.isTTY && output.isTTY ? { input, output } : undefined,
  client,
  print: (line) => void output.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
});
