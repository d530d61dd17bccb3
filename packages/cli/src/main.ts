#!/usr/bin/env node
import { program } from './program.ts';

// A reader that went away (`headstart sources | head -1`) is no failure, and a closed stderr must not end a run.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await program(process.argv.slice(2));
