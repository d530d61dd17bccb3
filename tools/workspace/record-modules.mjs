// Preloaded into a program (`node --import`): as it exits, writes the files that it loaded, one per line, to the file
// that HEADSTART_MODULES_FILE names. Modules are seen by a loader hook; what they `require`, in the cache of `require`.
// @ts-check
import { writeFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';

const { port1: loaded, port2: hook } = new MessageChannel();
loaded.unref();
register('./record-modules-hook.mjs', import.meta.url, { data: hook, transferList: [hook] });

const file = process.env['HEADSTART_MODULES_FILE'];
delete process.env['HEADSTART_MODULES_FILE']; // of this process, not of those that it starts
process.on('exit', () => {
  if (file === undefined) return;
  const files = new Set(Object.keys(createRequire(import.meta.url).cache));
  for (let next = receiveMessageOnPort(loaded); next; next = receiveMessageOnPort(loaded))
    if (String(next.message).startsWith('file:')) files.add(fileURLToPath(String(next.message)));
  writeFileSync(file, [...files].join('\n'));
});
