import { TENSORFLOW_VERSION, type LibraryVariant } from '../libtensorflow/locate.ts';

/** A wheel by the name, tags and digest under which the Python registry serves it. */
export interface PinnedWheel {
  /** `pypi:name@version?tags`, as core's artifacts take it. */
  uri: string;
  sha256: string;
  /** The only files of it that are unpacked. */
  include: readonly string[];
}

interface Pin {
  package: 'tensorflow' | 'tensorflow-cpu';
  platform: string;
  sha256: string;
}

/** One Python's wheels, so that each digest is fixed; their libraries do not depend on Python. */
const PYTHON = 'python=3.11&abi=cp311';

/** By variant and `process.platform-process.arch`. Digests as the registry's index states them. */
const WHEELS: Readonly<Record<LibraryVariant, Readonly<Record<string, Pin>>>> = {
  cpu: {
    'linux-x64': {
      package: 'tensorflow-cpu',
      platform: 'manylinux_2_27_x86_64',
      sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    },
    'linux-arm64': {
      package: 'tensorflow',
      platform: 'manylinux_2_27_aarch64',
      sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
    },
    'darwin-arm64': {
      package: 'tensorflow',
      platform: 'macosx_12_0_arm64',
      sha256: '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
    },
  },
  gpu: {
    'linux-x64': {
      package: 'tensorflow',
      platform: 'manylinux_2_27_x86_64',
      sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
    },
  },
};

/** TensorFlow's wheel for this platform, or undefined where there is none. */
export function tensorflowWheel(
  variant: LibraryVariant,
  platform = `${process.platform}-${process.arch}`,
): PinnedWheel | undefined {
  const pin = WHEELS[variant][platform];
  if (!pin) return undefined;
  const suffix = platform.startsWith('darwin') ? '.2.dylib' : '.so.2';
  const { package: name, sha256 } = pin;
  return {
    uri: `pypi:${name}@${TENSORFLOW_VERSION}?${PYTHON}&platform=${pin.platform}`,
    sha256,
    include: [
      `tensorflow/libtensorflow_cc${suffix}`,
      `tensorflow/libtensorflow_framework${suffix}`,
      'tensorflow/THIRD_PARTY_NOTICES.txt',
      `${name.replace('-', '_')}-${TENSORFLOW_VERSION}.dist-info/METADATA`,
    ],
  };
}

/** Platforms for which there is a wheel, for messages. */
export function supportedPlatforms(variant: LibraryVariant): string[] {
  return Object.keys(WHEELS[variant]);
}

/** NVIDIA's libraries of CUDA 12.5, which TensorFlow 2.21 is built with. */
const CUDA: Readonly<Record<string, string>> = {
  'nvidia-cublas-cu12@12.5.3.2': 'ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b',
  'nvidia-cuda-cupti-cu12@12.5.82': 'bde77a5feb66752ec61db2adfe47f56b941842825b4c7e2068aff27c9d107953',
  'nvidia-cuda-nvcc-cu12@12.5.82': 'b03e545b8e8c3ce7ebcd7fc44063180ff52ff01d064ece2127ed90a04ef12cd0',
  'nvidia-cuda-nvrtc-cu12@12.5.82': '3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd',
  'nvidia-cuda-runtime-cu12@12.5.82': '3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115',
  'nvidia-cudnn-cu12@9.3.0.75': '9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d',
  'nvidia-cufft-cu12@11.2.3.61': '9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8',
  'nvidia-curand-cu12@10.3.6.82': '2823fb27de4e44dbb22394a6adf53aa6e1b013aca0f8c22867d1cfae58405536',
  'nvidia-cusolver-cu12@11.6.3.83': '93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b',
  'nvidia-cusparse-cu12@12.5.1.3': '016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752',
  'nvidia-nccl-cu12@2.27.7': 'de5ba5562f08029a19cb1cd659404b18411ed0d6c90ac5f52f30bf99ad5809aa',
  'nvidia-nvjitlink-cu12@12.5.82': 'f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212',
};

/**
 * A wheel of NVIDIA's for Linux on x86-64.
 *
 * @returns undefined when the digest of that version is not known here
 */
export function cudaWheel(name: string, version: string): PinnedWheel | undefined {
  const sha256 = CUDA[`${name}@${version}`];
  if (!sha256) return undefined;
  const platforms = 'manylinux2014_x86_64,manylinux_2_17_x86_64,manylinux1_x86_64';
  return { uri: `pypi:${name}@${version}?python=3.11&platform=${platforms}`, sha256, include: ['nvidia'] };
}
