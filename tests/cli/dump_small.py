# SPDX-License-Identifier: GPL-3.0-or-later
"""A small model and loaders, as a user of resources/dump_features.py would have them."""
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3, padding=1)
        self.bn = nn.BatchNorm2d(6)
        self.hidden = nn.Linear(6, 6)
        self.fc = nn.Linear(6, 4)

    def forward(self, x):
        x = torch.relu(self.bn(self.conv(x)))
        x = torch.relu(self.hidden(x.permute(0, 2, 3, 1))).mean((1, 2))
        return self.fc(x)


def model():
    torch.manual_seed(3)
    net = Net()
    for _ in range(3):  # in training mode, for statistics that are not 0 and 1
        net(torch.randn(8, 3, 5, 5))
    return net


def batches():
    rng = torch.Generator().manual_seed(4)
    for part in range(5):
        images = torch.randn(8, 3, 5, 5, generator=rng)
        yield images, torch.arange(8) % 4, [f"val/größe_{part}_{i}.jpg" for i in range(8)]


def make():
    return model(), list(batches())


def parallel():
    return nn.DataParallel(model()), [{"image": x, "label": y, "path": z} for x, y, z in batches()]


class Folder(torch.utils.data.Dataset):
    """As torchvision's ImageFolder names its samples."""
    root = "/data/val"
    samples = [(f"/data/val/{c}/{i}.png", c) for c in range(4) for i in range(3)]

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, i):
        return torch.full((3, 5, 5), i / 6 - 1), self.samples[i][1]


def folder(shuffle=False):
    return model(), torch.utils.data.DataLoader(Folder(), 5, shuffle)


def shuffled():
    return folder(True)


def empty():
    return model(), []


def one_hot():
    return model(), [(torch.randn(8, 3, 5, 5), torch.zeros(8, 4))]


def save():
    torch.save({"state_dict": {"module." + k: v for k, v in model().state_dict().items()}},
               "checkpoint.pth")


if __name__ == "__main__":
    save()
