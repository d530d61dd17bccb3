import type { DoctorReport } from '@headstart/backend';
import { formatAmount } from './format.ts';
import { table, wrap } from './table.ts';

function nvidia({ release, cuda, gpu, problem }: NonNullable<DoctorReport['cuda']>): string {
  const card = gpu
    ? [`${gpu.name}, compute capability ${gpu.computeCapability}, ${formatAmount(gpu.totalBytes, 'bytes')}`]
    : [];
  return [...card, `driver ${release ?? 'of unknown release'} for CUDA ${cuda}`, ...(problem ? [problem] : [])].join(
    '; ',
  );
}

function webGpuAdapter({ name, driver, software, limits }: NonNullable<DoctorReport['adapter']>): string {
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize } = limits;
  return [
    `${name}${software ? ', software' : ''}`,
    ...(driver ? [driver] : []),
    `tensors of up to ${formatAmount(Math.min(maxBufferSize, maxStorageBufferBindingSize), 'bytes')}`,
    `${limits.maxComputeInvocationsPerWorkgroup} threads and ${maxComputeWorkgroupStorageSize} bytes to a workgroup`,
  ].join('; ');
}

/** The doctor's findings for people: the engines, then the native library. */
export function doctorLines(report: DoctorReport, width = 80): string[] {
  const { chosen, libtensorflow, cuda, adapter, threads, oneDnn, koffi, node, platform, cache, engines } = report;
  // TensorFlow's number for a CPU's memory is nominal.
  const device = ({ name, type, memoryBytes }: DoctorReport['libtensorflow']['devices'][number]) =>
    name.replace(/^.*device:/, '') + (type === 'CPU' ? '' : ` (${formatAmount(memoryBytes, 'bytes')})`);
  const facts: (readonly [label: string, text: string])[] = [
    ['chosen', chosen ?? 'none: no engine works here'],
    [
      'library',
      libtensorflow.found ? `${libtensorflow.path} (${libtensorflow.origin})` : (libtensorflow.problem ?? 'not found'),
    ],
    ['devices', libtensorflow.devices.map(device).join(', ') || 'none seen'],
    ...(cuda ? [['nvidia', nvidia(cuda)] as const] : []),
    ...(adapter ? [['webgpu', webGpuAdapter(adapter)] as const] : []),
    ['system', `${platform}, Node ${node}, koffi ${koffi}, ${threads.available} threads, oneDNN ${oneDnn}`],
    ['cache', cache.root],
  ];
  const mark = ({ name, usable }: DoctorReport['engines'][number]) =>
    name === chosen ? 'chosen' : usable ? 'works' : 'no';
  const trains = (engine: DoctorReport['engines'][number]) =>
    !engine.usable ? '' : engine.trainsConvolutions === false ? 'heads' : 'all';
  return [
    ...table(
      ['engine', 'here', 'device', 'trains', 'why'].map((title) => ({ title })),
      engines.map((engine) => [engine.name, mark(engine), engine.device ?? '', trains(engine), engine.reason]),
      width,
    ),
    '',
    ...facts.flatMap(([label, text]) => {
      const [first = '', ...rest] = wrap(text, width - 10);
      return [label.padEnd(9) + first, ...rest.map((line) => ' '.repeat(9) + line)];
    }),
  ];
}
