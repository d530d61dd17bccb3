import { HeadstartError } from '@headstart/core';
import { eagerSetters, setAttribute, type OpAttribute } from './attributes.ts';
import type { Pointer } from './c-api.ts';
import { AttrType, DataType } from './data-types.ts';
import type { TensorFlowLibrary } from './library.ts';
import { createHandle, readHandle, type ReadValues, type TensorValues } from './tensor-data.ts';

/** What an op returns: the tensor's id in this binding, its shape and `DataType`. */
export interface TensorMetadata {
  id: number;
  shape: number[];
  dtype: number;
}

/**
 * What the kernels of `@tensorflow/tfjs-node` ask of their native addon
 * (`dist/tfjs_binding.d.ts` there), here on TensorFlow's eager C API.
 */
export interface Binding {
  createTensor(shape: readonly number[], dtype: number, values: TensorValues): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): ReadValues;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[];
  isUsingGpuDevice(): boolean;
  getNumOfTensors(): number;
  /** The handle of a tensor, which stays the binding's. @throws HeadstartError `backend-failed` where it is gone */
  handleOf(id: number): Pointer;
  /** Takes a handle over; gives the tensor's id. */
  adopt(handle: Pointer): number;
  /** Puts another handle under a tensor's id and frees the one that was there. */
  replace(id: number, handle: Pointer): void;
  /** Bytes that tensors hold on devices of this type. */
  bytesOn(deviceType: string): number;
  /** Frees every tensor that is still alive; deleting one of them afterwards does nothing. Tensors made later are freed as ever. */
  deleteAll(): void;
  readonly TF_Version: string;
  [constant: string]: unknown;
}

/** Constants by the names that the kernels read. */
const CONSTANTS = {
  TF_FLOAT: DataType.float,
  TF_INT32: DataType.int32,
  TF_INT64: DataType.int64,
  TF_BOOL: DataType.bool,
  TF_COMPLEX64: DataType.complex64,
  TF_STRING: DataType.string,
  TF_RESOURCE: DataType.resource,
  TF_UINT8: DataType.uint8,
  TF_ATTR_STRING: AttrType.string,
  TF_ATTR_INT: AttrType.int,
  TF_ATTR_FLOAT: AttrType.float,
  TF_ATTR_BOOL: AttrType.bool,
  TF_ATTR_TYPE: AttrType.type,
  TF_ATTR_SHAPE: AttrType.shape,
  // A resource attribute does not exist in the C API; the kernels only compare with this number.
  TF_ATTR_RESOURCE: -1,
} as const;

export function createBinding(library: TensorFlowLibrary): Binding {
  const { api, status, context } = library;
  const setters = eagerSetters(library);
  const handles = new Map<number, Pointer>();
  const counts = new Int32Array(1);
  let nextId = 1;

  const keep = (handle: Pointer): number => {
    handles.set(nextId, handle);
    return nextId++;
  };
  const handleOf = (id: number): Pointer => handles.get(id) ?? missing(id);

  const describe = (handle: Pointer): TensorMetadata => {
    const rank = api.TFE_TensorHandleNumDims(handle, status.pointer);
    if (rank < 0) status.check('reading a shape');
    const shape = new Array<number>(rank);
    for (let axis = 0; axis < rank; axis++) shape[axis] = Number(api.TFE_TensorHandleDim(handle, axis, status.pointer));
    return { id: keep(handle), shape, dtype: api.TFE_TensorHandleDataType(handle) };
  };

  const savedModels = () => {
    throw new HeadstartError({
      code: 'not-supported',
      message: 'SavedModels cannot be loaded through this backend.',
      hint: 'Convert the model with tensorflowjs_converter and load it as a graph model.',
    });
  };

  /** Tensors with ids from 1 up to here, itself not among them, were freed by `deleteAll`; no id is given twice. */
  let freedBelow = nextId;
  return {
    ...CONSTANTS,
    TF_Version: library.version,
    createTensor: (shape, dtype, values) => keep(createHandle(library, shape, dtype, values)),
    deleteTensor(id) {
      if (id > 0 && id < freedBelow) return;
      api.TFE_DeleteTensorHandle(handleOf(id));
      handles.delete(id);
    },
    tensorDataSync: (id) => readHandle(library, handleOf(id)),
    executeOp(name, attributes, inputs, outputs) {
      const op = api.TFE_NewOp(context, name, status.pointer);
      status.check(`op ${name}`);
      try {
        for (const id of inputs) api.TFE_OpAddInput(op, handleOf(id), status.pointer);
        status.check(`the inputs of op ${name}`);
        for (const attribute of attributes) setAttribute(setters, op, attribute);
        const results = new BigUint64Array(Math.max(outputs, 1));
        counts[0] = outputs;
        api.TFE_Execute(op, results, counts, status.pointer);
        status.check(`op ${name}`);
        const described: TensorMetadata[] = [];
        for (let index = 0; index < counts[0]; index++) described.push(describe(results[index]!));
        return described;
      } finally {
        api.TFE_DeleteOp(op);
      }
    },
    isUsingGpuDevice: () => library.device.type === 'GPU',
    getNumOfTensors: () => handles.size,
    handleOf,
    adopt: keep,
    replace(id, handle) {
      api.TFE_DeleteTensorHandle(handleOf(id));
      handles.set(id, handle);
    },
    bytesOn(deviceType) {
      let bytes = 0;
      for (const handle of handles.values()) {
        const device = api.TFE_TensorHandleBackingDeviceName(handle, status.pointer);
        status.check('asking where a tensor lies');
        if (!device.includes(`/device:${deviceType}:`)) continue;
        bytes += Number(api.TFE_TensorHandleDeviceMemorySize(handle, status.pointer));
        status.check('asking for the size of a tensor');
      }
      return bytes;
    },
    deleteAll() {
      freedBelow = nextId;
      for (const handle of handles.values()) api.TFE_DeleteTensorHandle(handle);
      handles.clear();
    },
    loadSavedModel: savedModels,
    deleteSavedModel: savedModels,
    runSavedModel: savedModels,
    getNumOfSavedModels: () => 0,
  };
}

function missing(id: number): never {
  throw new HeadstartError({
    code: 'backend-failed',
    message: `Tensor ${id} is not alive: it was disposed, made by another backend, or made in a step that was only recorded.`,
    hint: 'Keep a tensor that outlives tf.tidy with tf.keep, and dispose of it once only.',
  });
}
