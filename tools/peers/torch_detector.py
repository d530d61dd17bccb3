"""NanoDet with a head for classes of its own in PyTorch, and the loss that it learns by."""

import torch
from torch import nn
from torch.nn import functional as F

STRIDES = (8, 16, 32)
WIDTH = 128
BINS = 11
COCO = 80


class Numbered:
    """Makes convolutions in the order of the published graph, by whose names their weights are stored."""

    # The graph's other constants take part in the numbering from the head on.
    BIASES = {28: 60, 29: 62, 30: 66, 31: 68, 32: 70, 33: 72}

    def __init__(self):
        self.stored = {}
        self.count = 0

    def __call__(self, size, inputs, outputs, stride=1, linear=False):
        convolution = nn.Conv2d(inputs, outputs, size, stride, size // 2)
        name = "PartitionedCall/split" + (f"_{self.count}" if self.count else "")
        self.stored[convolution] = (name, f"unknown_{self.BIASES.get(self.count, 2 * self.count)}")
        self.count += 1
        return convolution if linear else nn.Sequential(convolution, nn.LeakyReLU(0.1, inplace=True))

    def skip(self):
        """What the published network has here is not part of this one."""
        self.count += 1


class Csp(nn.Module):
    def __init__(self, next, inputs, outputs, blocks, stride):
        super().__init__()
        self.entry = next(3, inputs, outputs, stride)
        self.blocks = nn.ModuleList(nn.ModuleList((next(3, outputs, outputs // 2), next(3, outputs // 2, outputs // 2))) for _ in range(blocks))
        self.exit = next(3, outputs, outputs)

    def forward(self, x):
        entered = x = self.entry(x)
        for reduce, filter in self.blocks:
            reduced = reduce(x)
            x = torch.cat((filter(reduced), reduced), 1)
        return torch.cat((self.exit(x), entered), 1)


class Pyramid(nn.Module):
    """The backbone and the maps of three strides."""

    def __init__(self, next):
        super().__init__()
        self.stem = nn.Sequential(next(3, 3, 32, 2), nn.MaxPool2d(3, 2, 1))
        self.stages = nn.ModuleList(Csp(next, *row) for row in ((32, 32, 1, 1), (64, 64, 2, 2), (128, 128, 2, 2), (256, 256, 3, 2)))
        self.laterals = nn.ModuleList(next(1, inputs, WIDTH, linear=True) for inputs in (128, 256, 512))

    def forward(self, x):
        maps = []
        x = self.stem(x)
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        fine, middle, coarse = (lateral(map) for lateral, map in zip(self.laterals, maps[1:]))
        enlarge = lambda map: F.interpolate(map, scale_factor=2, mode="bilinear", align_corners=False)
        down16 = middle + enlarge(coarse)
        p8 = fine + enlarge(down16)
        p16 = down16 + F.avg_pool2d(p8, 2)
        return p8, p16, coarse + F.avg_pool2d(p16, 2)


class Head(nn.Module):
    """A 3x3 convolution per level, and 1x1 convolutions to classes and to distances; both come as a row per cell."""

    def __init__(self, next, classes):
        super().__init__()
        towers = []
        for _ in STRIDES:
            towers.append(next(3, WIDTH, WIDTH))
            next.skip()
        self.towers = nn.ModuleList(towers)
        self.classes = nn.ModuleList(nn.Conv2d(WIDTH, classes, 1) for _ in STRIDES)
        self.distances = nn.ModuleList(nn.Conv2d(WIDTH, 4 * BINS, 1) for _ in STRIDES)

    def forward(self, maps):
        maps = [tower(map) for tower, map in zip(self.towers, maps)]
        rows = lambda layers: torch.cat([layer(map).flatten(2).transpose(1, 2) for layer, map in zip(layers, maps)], 1)
        return rows(self.classes), rows(self.distances)


class NanoDet(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.next = Numbered()
        self.pyramid, self.head = Pyramid(self.next), Head(self.next, classes)

    def forward(self, x):
        return self.head(self.pyramid(x))


def load(model, values):
    """Loads weights by name; kernels are stored [height, width, in, out]."""
    names = dict(model.next.stored)
    for part, layers in (("classes", model.head.classes), ("distances", model.head.distances)):
        names.update({layer: (f"{part}/{stride}/kernel", f"{part}/{stride}/bias") for stride, layer in zip(STRIDES, layers)})
    with torch.no_grad():
        for convolution, (kernel, bias) in names.items():
            convolution.weight.copy_(values.pop(kernel).permute(3, 2, 0, 1))
            convolution.bias.copy_(values.pop(bias))
    if values or len(names) != sum(isinstance(module, nn.Conv2d) for module in model.modules()):
        raise ValueError(f"The weights do not fit the network: {list(values)} are left.")


def area(low, high):
    width, height = (high - low).clamp(min=0).unbind(-1)
    return width * height


def overlaps(a, b):
    """IoU and GIoU of boxes [left, top, right, bottom], row by row."""
    (a_low, a_high), (b_low, b_high) = a.split(2, -1), b.split(2, -1)
    shared = area(torch.maximum(a_low, b_low), torch.minimum(a_high, b_high))
    union = (area(a_low, a_high) + area(b_low, b_high) - shared).clamp(min=1e-6)
    around = area(torch.minimum(a_low, b_low), torch.maximum(a_high, b_high)).clamp(min=1e-6)
    iou = shared / union
    return iou, iou - (around - union) / around


def generalized_focal_loss(logits, distances, labels, ltrb):
    """Quality focal loss of all cells, and overlap and distribution focal loss of those with an object (Li et al., 2020)."""
    own = labels >= 0
    kinds, ltrb = labels[own], ltrb[own]
    sides = distances[own].unflatten(-1, (4, BINS))
    signs = torch.tensor([-1.0, -1.0, 1.0, 1.0])
    expected = F.softmax(sides, -1) @ torch.arange(BINS, dtype=torch.float32)
    iou, giou = overlaps(expected * signs, ltrb * signs)

    qualities = torch.zeros_like(logits)
    picture, cell = own.nonzero(as_tuple=True)
    qualities[picture, cell, kinds] = iou.detach()
    entropy = F.binary_cross_entropy_with_logits(logits, qualities, reduction="none")
    each = (entropy * (logits.sigmoid() - qualities).square()).sum(-1)
    classification = (each * (labels != -2)).sum() / max(len(kinds), 1)

    weight = logits[own].detach().sigmoid().amax(-1)
    near = ltrb.clamp(0, BINS - 1)
    below = near.floor().clamp(max=BINS - 2)
    across = sides.flatten(0, 1)
    entropy_at = lambda bin: F.cross_entropy(across, bin.flatten().long(), reduction="none").view_as(near)
    spread = ((below + 1 - near) * entropy_at(below) + (near - below) * entropy_at(below + 1)).mean(-1)
    boxes = 2 * (1 - giou) + 0.25 * spread
    return classification + (boxes * weight).sum() / weight.sum().clamp(min=1e-3)
