import { constants } from 'node:os';
import koffi from 'koffi';

/** What processes handle: ends of terminals and of children, sizes of windows, what users send. */
const HANDLED = [
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGALRM',
  'SIGTERM',
  'SIGCHLD',
  'SIGCONT',
  'SIGURG',
  'SIGWINCH',
  'SIGIO',
] as const;
/** `SIG_BLOCK` and the size of a `sigset_t` on Linux. */
const [BLOCK, SET_BYTES] = [0, 128];

/**
 * Leaves signals to threads that do not compute: blocks them in this one and, as long as it is called before these are made, in
 * those that libtensorflow makes. oneDNN's AVX-512 product of a matrix and a narrow one (`jit_avx512_common_gemm_f32`,
 * libtensorflow 2.21) cannot be interrupted: a signal that is handled on its thread corrupts memory, as it does in TensorFlow for
 * Python; probably it keeps values where the system lays down what a handler will return to: a window that is resized, a child that ends, Ctrl-C. V8's own threads take them; Node's handlers run as ever, and
 * children are started with no signal blocked. Profilers' signals are sent to one thread and stay as they are.
 * Does nothing on other processors.
 *
 * @param cpuinfo the contents of Linux's /proc/cpuinfo
 */
export function leaveSignalsToOthers(cpuinfo: string): void {
  if (process.platform !== 'linux' || process.arch !== 'x64' || !/\bavx512f\b/.test(cpuinfo)) return;
  const c = koffi.load(null);
  const set = Buffer.alloc(SET_BYTES);
  c.func('int sigemptyset(void *set)')(set);
  const add = c.func('int sigaddset(void *set, int signal)');
  for (const name of HANDLED) add(set, constants.signals[name]);
  c.func('int pthread_sigmask(int how, void *set, void *before)')(BLOCK, set, null);
}
