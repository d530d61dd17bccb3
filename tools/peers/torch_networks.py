"""The measured networks in PyTorch, with the variables' names of the published EfficientNet-Lite0 checkpoint."""

import torch
from torch import nn
from torch.nn import functional as F

from peer_common import NETWORKS, NORM_EPSILON, blocks


class SameConv2d(nn.Conv2d):
    """A convolution padded as TensorFlow's "same" does: with stride 2 the odd pixel of padding goes after."""

    def __init__(self, inputs, outputs, kernel, stride=1, groups=1):
        super().__init__(inputs, outputs, kernel, stride, kernel // 2 if stride == 1 else 0, groups=groups, bias=False)

    def forward(self, x):
        if self.stride[0] > 1:
            pads = []
            for size, kernel, stride in zip(x.shape[:1:-1], self.kernel_size[::-1], self.stride[::-1]):
                total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
                pads += [total // 2, total - total // 2]
            x = F.pad(x, pads)
        return super().forward(x)


def norm(channels):
    return nn.BatchNorm2d(channels, eps=NORM_EPSILON, momentum=0.01)


class Block(nn.Module):
    def __init__(self, kernel, stride, expansion, inputs, outputs):
        super().__init__()
        wide = inputs * expansion
        self.expands = expansion > 1
        self.residual = stride == 1 and inputs == outputs
        if self.expands:
            self._expand_conv, self._bn0 = SameConv2d(inputs, wide, 1), norm(wide)
        self._depthwise_conv, self._bn1 = SameConv2d(wide, wide, kernel, stride, groups=wide), norm(wide)
        self._project_conv, self._bn2 = SameConv2d(wide, outputs, 1), norm(outputs)

    def forward(self, x):
        y = F.relu6(self._bn0(self._expand_conv(x))) if self.expands else x
        y = F.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.residual else y


class InvertedResidualNetwork(nn.Module):
    def __init__(self, network, classes):
        super().__init__()
        self._conv_stem, self._bn0 = SameConv2d(3, network["stem"], 3, 2), norm(network["stem"])
        self._blocks = nn.ModuleList(Block(*shape) for _, *shape in blocks(network))
        last = network["stages"][-1][-1]
        self._conv_head, self._bn1 = SameConv2d(last, network["top"], 1), norm(network["top"])
        self._fc = nn.Linear(network["top"], classes)

    def features(self, x):
        x = F.relu6(self._bn0(self._conv_stem(x)))
        for block in self._blocks:
            x = block(x)
        return F.relu6(self._bn1(self._conv_head(x))).mean((2, 3))

    def forward(self, x):
        return self._fc(self.features(x))


class SmallCnn(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 16, 3, padding=1), nn.Conv2d(16, 32, 3, padding=1)
        self.dense, self._fc = nn.Linear(7 * 7 * 32, 128), nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        # Height, width, channels: the order in which the weights of the dense layer are stored.
        return self._fc(F.relu(self.dense(x.permute(0, 2, 3, 1).flatten(1))))


def build(job, classes):
    if job["network"] == "small-cnn":
        return SmallCnn(classes)
    return InvertedResidualNetwork(NETWORKS[job["network"]], classes)


def torch_layout(name, value):
    """Kernels are stored [height, width, in, out], depthwise [height, width, channels, 1], dense [in, out]."""
    if value.ndim == 4:
        return value.permute((2, 3, 0, 1) if "depthwise" in name else (3, 2, 0, 1)).contiguous()
    return value.t().contiguous() if value.ndim == 2 else value


def load(model, values, head):
    """Loads weights by name; every one must be there. `head` names what stands for the last layer."""
    state = {name: torch_layout(name, value) for name, value in values.items() if not name.startswith(("head.", "_fc."))}
    state["_fc.weight"] = values[f"{head}.weight"].t().contiguous()
    state["_fc.bias"] = values[f"{head}.bias"]
    missing, unexpected = model.load_state_dict(state, strict=False)
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or unexpected:
        raise ValueError(f"The weights do not fit the network: missing {missing}, unexpected {unexpected}.")


def load_published(model, path):
    """The published checkpoint, read by PyTorch itself."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    own = model.state_dict()
    model.load_state_dict({**state, **{name: own[name] for name in own if name not in state and name.endswith("num_batches_tracked")}})
