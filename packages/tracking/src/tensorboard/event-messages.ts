import protobuf, { type IType } from 'protobufjs/light.js';

/**
 * TensorFlow's events and what TensorBoard's hparams plugin keeps in them, field numbers as in event.proto, summary.proto
 * and plugin_data.proto. Fields that we never write are left out.
 *
 * Specification: https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto and
 * https://github.com/tensorflow/tensorboard/blob/master/tensorboard/plugins/hparams/plugin_data.proto
 */
const messages: Readonly<Record<string, IType>> = {
  Event: {
    fields: {
      wallTime: { id: 1, type: 'double' },
      step: { id: 2, type: 'int64' },
      fileVersion: { id: 3, type: 'string' },
      summary: { id: 5, type: 'Summary' },
      sessionLog: { id: 7, type: 'SessionLog' },
    },
  },
  SessionLog: { fields: { status: { id: 1, type: 'int32' } } },
  Summary: { fields: { value: { id: 1, type: 'SummaryValue', rule: 'repeated' } } },
  SummaryValue: {
    fields: {
      tag: { id: 1, type: 'string' },
      simpleValue: { id: 2, type: 'float' },
      metadata: { id: 9, type: 'SummaryMetadata' },
    },
  },
  SummaryMetadata: { fields: { pluginData: { id: 1, type: 'PluginData' } } },
  PluginData: { fields: { pluginName: { id: 1, type: 'string' }, content: { id: 2, type: 'bytes' } } },
  HParamsPluginData: {
    fields: {
      sessionStartInfo: { id: 3, type: 'SessionStartInfo' },
      sessionEndInfo: { id: 4, type: 'SessionEndInfo' },
    },
  },
  SessionStartInfo: {
    fields: {
      hparams: { id: 1, keyType: 'string', type: 'Value' } as IType['fields'][string],
      groupName: { id: 4, type: 'string' },
      startTimeSecs: { id: 5, type: 'double' },
    },
  },
  SessionEndInfo: { fields: { status: { id: 1, type: 'int32' }, endTimeSecs: { id: 2, type: 'double' } } },
  Value: {
    oneofs: { kind: { oneof: ['numberValue', 'stringValue', 'boolValue'] } },
    fields: {
      numberValue: { id: 2, type: 'double' },
      stringValue: { id: 3, type: 'string' },
      boolValue: { id: 4, type: 'bool' },
    },
  },
};

// As proto2 so that a number which is 0 is written like any other.
const nested = Object.fromEntries(
  Object.entries(messages).map(([name, message]) => [name, { ...message, edition: 'proto2' }]),
);
const root = protobuf.Root.fromJSON({ nested });

export const Event = root.lookupType('Event');
export const HParamsPluginData = root.lookupType('HParamsPluginData');
