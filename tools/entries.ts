// `npm run entries`: how many names each entry of core has, and which of them have no doc comment.
import { entryExports, entryProblems } from './workspace/entry-exports.ts';
import { workspacePackages } from './workspace/packages.ts';

/** A person reads so many names; what goes beyond belongs to the entry of its use. */
const MOST_AT_ROOT = 89;

const core = workspacePackages().find(({ manifest }) => manifest.name === '@headstart/core');
if (core === undefined) throw new Error('There is no @headstart/core under packages/.');

const entries = entryExports(core);
for (const { entry, names } of entries) console.log(`${entry.padEnd(26)} ${String(names.length).padStart(3)}`);
console.log(`\n${entries.length} entries, ${entries.reduce((sum, { names }) => sum + names.length, 0)} names.`);

const problems = entryProblems(entries, MOST_AT_ROOT);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log('Every name has a doc comment.');
