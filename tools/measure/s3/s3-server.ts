import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pythonEnvironment } from '../../workspace/python-environment.ts';

/** Moto's server (Apache-2.0), which speaks S3, on loopback with a bucket; installed by pip into the cache where it is not there. */
export async function startS3Server(bucket: string): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const python = await pythonEnvironment(
    {
      name: 'moto',
      requirements: fileURLToPath(new URL('./requirements.txt', import.meta.url)),
      announce: 'installing moto, whose server speaks S3',
      check: 'import moto.server',
    },
    console.log,
  );
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  const child = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=me/20260101/us-east-1/s3/aws4_request' };
  for (let tries = 0; ; tries++) {
    const made = await fetch(`${endpoint}/${bucket}`, { method: 'PUT', headers }).catch(() => undefined);
    if (made?.ok) break;
    if (tries === 300) throw new Error(`moto_server does not make a bucket: ${made?.status ?? 'no answer'}`);
    await sleep(200);
  }
  return {
    endpoint,
    async stop() {
      child.kill();
      await exited;
    },
  };
}
