"""Prints as JSON what TensorBoard's own reader finds in a log folder: by run, every scalar, and the hparams plugin's session."""

import json
import sys

from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer
from tensorboard.plugins.hparams import plugin_data_pb2

multiplexer = EventMultiplexer(size_guidance={"scalars": 0}).AddRunsFromDirectory(sys.argv[1])
multiplexer.Reload()
found = {}
for run, tags in multiplexer.Runs().items():
    accumulator = multiplexer.GetAccumulator(run)
    sessions = {}
    for tag, content in accumulator.PluginTagToContent("hparams").items():
        data = plugin_data_pb2.HParamsPluginData.FromString(content)
        if data.HasField("session_start_info"):
            values = data.session_start_info.hparams.items()
            sessions["hparams"] = {name: getattr(value, value.WhichOneof("kind")) for name, value in values}
        if data.HasField("session_end_info"):
            sessions["status"] = data.session_end_info.status
    scalars = {tag: [[event.step, event.value] for event in accumulator.Scalars(tag)] for tag in tags["scalars"]}
    found[run] = {"scalars": scalars, **sessions}
json.dump(found, sys.stdout)
