import { describe, expect, it } from 'vitest';
import { readCudaRequirements } from './cuda-requirements.ts';
import { cudaWheel, tensorflowWheel } from './pinned-wheels.ts';

/** The lines that matter of METADATA in TensorFlow 2.21.0's wheels, in their order. */
const METADATA = `Metadata-Version: 2.4
Name: tensorflow
Version: 2.21.0
Requires-Dist: absl-py>=1.0.0
Requires-Dist: ml_dtypes<1.0.0,>=0.5.1
Provides-Extra: and-cuda
Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"
Requires-Dist: nvidia-cuda-cupti-cu12<13.0,>=12.5.82; extra == "and-cuda"
Requires-Dist: nvidia-cuda-nvcc-cu12<13.0,>=12.5.82; extra == "and-cuda"
Requires-Dist: nvidia-cuda-nvrtc-cu12<13.0,>=12.5.82; extra == "and-cuda"
Requires-Dist: nvidia-cuda-runtime-cu12<13.0,>=12.5.82; extra == "and-cuda"
Requires-Dist: nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"
Requires-Dist: nvidia-cufft-cu12<12.0,>=11.2.3.61; extra == "and-cuda"
Requires-Dist: nvidia-curand-cu12<11.0,>=10.3.6.82; extra == "and-cuda"
Requires-Dist: nvidia-cusolver-cu12<12.0,>=11.6.3.83; extra == "and-cuda"
Requires-Dist: nvidia-cusparse-cu12<13.0,>=12.5.1.3; extra == "and-cuda"
Requires-Dist: nvidia-nccl-cu12<3.0,>=2.27.7; extra == "and-cuda"
Requires-Dist: nvidia-nvjitlink-cu12<13.0,>=12.5.82; extra == "and-cuda"
Provides-Extra: gcs-filesystem
Requires-Dist: tensorflow-io-gcs-filesystem>=0.23.1; (sys_platform != "win32" and python_version < "3.13") and extra == "gcs-filesystem"

# TensorFlow
Requires-Dist: nothing-cu12>=1; extra == "and-cuda"
`;

describe('the CUDA libraries of a TensorFlow wheel', () => {
  it('are the packages of the extra and-cuda at their least versions', () => {
    const requirements = readCudaRequirements(METADATA);
    expect(requirements).toHaveLength(12);
    expect(requirements).toContainEqual({ name: 'nvidia-cudnn-cu12', version: '9.3.0.75' });
    expect(requirements).toContainEqual({ name: 'nvidia-nccl-cu12', version: '2.27.7' });
  });

  it('all have a digest here', () => {
    for (const { name, version } of readCudaRequirements(METADATA))
      expect(cudaWheel(name, version)?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('are not found in metadata that lists none or bounds none from below', () => {
    expect(() => readCudaRequirements('Name: tensorflow\n\n')).toThrow(
      expect.objectContaining({ code: 'artifact-not-found' }),
    );
    expect(() => readCudaRequirements('Requires-Dist: nvidia-x-cu12<2; extra == "and-cuda"\n')).toThrow(
      /gives no minimum version/,
    );
  });

  it('are read whatever the spacing, quotes and spelling', () => {
    expect(readCudaRequirements("Requires-Dist: NVIDIA_cuDNN.cu12 (>=9.3) ;extra=='and-cuda'\r\n\r\n")).toEqual([
      { name: 'nvidia-cudnn-cu12', version: '9.3' },
    ]);
  });
});

describe('the TensorFlow wheel', () => {
  it('is one of a fixed Python, pinned, of which only the libraries are unpacked', () => {
    expect(tensorflowWheel('cpu', 'linux-x64')).toEqual({
      uri: 'pypi:tensorflow-cpu@2.21.0?python=3.11&abi=cp311&platform=manylinux_2_27_x86_64',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      include: [
        'tensorflow/libtensorflow_cc.so.2',
        'tensorflow/libtensorflow_framework.so.2',
        'tensorflow/THIRD_PARTY_NOTICES.txt',
        'tensorflow_cpu-2.21.0.dist-info/METADATA',
      ],
    });
    expect(tensorflowWheel('cpu', 'darwin-arm64')?.include[0]).toBe('tensorflow/libtensorflow_cc.2.dylib');
    expect(tensorflowWheel('gpu', 'darwin-arm64')).toBeUndefined();
  });
});
