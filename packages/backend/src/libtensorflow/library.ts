import { HeadstartError } from '@headstart/core';
import koffi, { type LibraryHandle } from 'koffi';
import { bindCApi, type CApi, type Pointer } from './c-api.ts';
import { encodeContextConfig, type ContextSettings } from './context-config.ts';
import type { LibraryFiles } from './library-files.ts';
import { loadQuietly, silence } from './quiet-loading.ts';
import { createStatus, type Status } from './status.ts';

export interface TensorFlowDevice {
  /** Such as `/job:localhost/replica:0/task:0/device:CPU:0`. */
  name: string;
  /** `CPU` or `GPU`. */
  type: string;
  /** The most memory TensorFlow would take of it, in bytes. */
  memoryBytes: number;
}

/** libtensorflow, loaded, with one eager context. Neither can be taken back: both live as long as the process. */
export interface TensorFlowLibrary {
  readonly api: CApi;
  readonly status: Status;
  readonly context: Pointer;
  readonly version: string;
  readonly devices: readonly TensorFlowDevice[];
  /** The device that tensors are put on: the first GPU, else the CPU. */
  readonly device: TensorFlowDevice;
  readonly settings: ContextSettings;
  readonly files: LibraryFiles;
}

/**
 * Settings that TensorFlow reads from the environment while it loads. What the user has set wins.
 */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  // Kernels of oneDNN: convolution training runs about 1.3 times faster.
  TF_ENABLE_ONEDNN_OPTS: '1',
  // Errors only: its information lines on stderr are not for our users.
  TF_CPP_MIN_LOG_LEVEL: '2',
};

/** Loads the shared libraries and opens the eager context. @throws HeadstartError `backend-unavailable` */
export function loadLibrary(files: LibraryFiles, settings: ContextSettings): TensorFlowLibrary {
  const toldWhatToPrint = process.env.TF_CPP_MIN_LOG_LEVEL !== undefined;
  setEnvironment();
  let api: CApi;
  let framework: LibraryHandle;
  try {
    // The main library resolves its symbols from the framework library: that one first, globally.
    framework = loadQuietly(files.framework);
    const main = koffi.load(files.main, { global: true });
    api = bindCApi([main, framework]);
  } catch (cause) {
    throw new HeadstartError({
      code: 'backend-unavailable',
      message: `libtensorflow at ${files.main} does not load: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'Run `headstart backend install` to fetch it again, or point HEADSTART_LIBTENSORFLOW at a TensorFlow 2.x library for this machine.',
      cause,
    });
  }
  const status = createStatus(api);
  const context = openContext(api, status, settings);
  const devices = listDevices(api, status, context);
  const device = devices.find(({ type }) => type === 'GPU') ?? devices.find(({ type }) => type === 'CPU');
  if (!device) {
    throw new HeadstartError({
      code: 'backend-unavailable',
      message: `libtensorflow lists no CPU or GPU (it lists: ${devices.map(({ name }) => name).join(', ') || 'nothing'}).`,
      hint: 'Run `headstart backend doctor` and report its output.',
    });
  }
  if (!toldWhatToPrint) {
    // A process that this one starts would take it for the user's word.
    delete process.env.TF_CPP_MIN_LOG_LEVEL;
    if (device.type === 'CPU') silence(framework);
  }
  return { api, status, context, version: api.TF_Version(), devices, device, settings, files };
}

function setEnvironment(): void {
  // A worker's process.env is a copy that native code never sees, so C's own setter is used.
  const setenv = koffi.load(null).func('setenv', 'int', ['str', 'str', 'int']);
  for (const [name, value] of Object.entries(ENVIRONMENT)) {
    const chosen = process.env[name] ?? value;
    process.env[name] = chosen;
    setenv(name, chosen, 1);
  }
}

/** The library reads the variable while it is loaded; by then it is set. */
export function usesOneDnn(): boolean {
  return process.env.TF_ENABLE_ONEDNN_OPTS === '1';
}

function openContext(api: CApi, status: Status, settings: ContextSettings): Pointer {
  const options = api.TFE_NewContextOptions();
  try {
    const config = encodeContextConfig(settings);
    api.TFE_ContextOptionsSetConfig(options, config, config.length, status.pointer);
    status.check('the configuration of the context');
    const context = api.TFE_NewContext(options, status.pointer);
    status.check('opening the context');
    return context;
  } finally {
    api.TFE_DeleteContextOptions(options);
  }
}

function listDevices(api: CApi, status: Status, context: Pointer): TensorFlowDevice[] {
  const list = api.TFE_ContextListDevices(context, status.pointer);
  status.check('listing the devices');
  try {
    return Array.from({ length: api.TF_DeviceListCount(list) }, (_, index) => {
      const name = api.TF_DeviceListName(list, index, status.pointer);
      const type = api.TF_DeviceListType(list, index, status.pointer);
      const memoryBytes = Number(api.TF_DeviceListMemoryBytes(list, index, status.pointer));
      status.check('listing the devices');
      return { name, type, memoryBytes };
    });
  } finally {
    api.TF_DeleteDeviceList(list);
  }
}
