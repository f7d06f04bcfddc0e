#!/usr/bin/env python3
"""Makes optimizers.csv: the losses of PyTorch in 50 steps with each optimiser, schedule and regularisation.

    python3 make_optimizers.py        (needs PyTorch, any device; writes into its own folder)

The data and the initial weights are those of make_trajectories.py (data.bin, start-48-24.bin): inputs divided by 255,
ReLU, batches of 10 of the first 160 rows in file order, so an epoch has 16 steps. Every case runs in f64, which is the
reference, and in f32, which shows the effect of rounding.

optimizers.csv: case,step,learning_rate,loss,drift_of_f32; a row for each step (from 0), with the batch's loss before
the update; then a row `end` with the loss of the final network over the other 40 rows (of the average, where weights are
averaged).
optimizers-weights.csv: case,place,weight; every 101st parameter of the final network, layer by layer, weights before
biases.

Dropout draws its units as mlp-core does (PCG XSL-RR 128/64, seeded by SplitMix64).
"""
import pathlib
import struct
import torch
from torch.optim import swa_utils
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, OneCycleLR, SequentialLR, StepLR

HERE = pathlib.Path(__file__).parent
PIXELS, WIDTHS, TRAIN, BATCH, STEPS, EPOCH = 64, [64, 48, 24, 5], 160, 10, 50, 16
MASK = (1 << 64) - 1


def split_mix(state):
    state = (state + 0x9E3779B97F4A7C15) & MASK
    z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return state, z ^ (z >> 31)


class Stream:
    """mlp_core::random::Stream"""

    def __init__(self, seed, purpose):
        state = seed ^ split_mix(purpose)[1]
        state, high = split_mix(state)
        state, low = split_mix(state)
        self.increment = purpose << 1 | 1
        self.state = ((high << 64 | low) + self.increment) & (1 << 128) - 1
        self.advance()

    def advance(self):
        self.state = (self.state * 0x2360ED051FC65DA44385DF649FCCF645 + self.increment) & (1 << 128) - 1

    def bits(self):
        self.advance()
        folded, turn = (self.state >> 64) ^ (self.state & MASK), self.state >> 122
        return (folded >> turn | folded << (64 - turn)) & MASK if turn else folded


check = Stream(1234, 0)
assert [check.bits(), check.bits()] == [0x8E131F9C5D7EC958, 0xBD1FFE60E8CB42AB]


class Net(torch.nn.Module):
    def __init__(self, rates=None):
        super().__init__()
        self.layers = torch.nn.ModuleList(torch.nn.Linear(i, o) for i, o in zip(WIDTHS, WIDTHS[1:]))
        values = iter(struct.iter_unpack("<f", (HERE / "start-48-24.bin").read_bytes()))
        with torch.no_grad():
            for layer in self.layers:
                rows = [[next(values)[0] for _ in range(layer.out_features)] for _ in range(layer.in_features)]
                layer.weight.copy_(torch.tensor(rows).T)
                layer.bias.zero_()
        assert next(values, None) is None
        self.rates, self.stream = rates, Stream(7, 3)

    def mask(self, rate, shape):
        count, bits = shape[0] * shape[1], []
        while len(bits) < count:
            draw = self.stream.bits()
            bits += [draw & 0xFFFFFFFF, draw >> 32]
        kept = [0.0 if b < int(rate * 2**32) else 1 / (1 - rate) for b in bits[:count]]
        return torch.tensor(kept).reshape(shape)

    def forward(self, x):
        for i, layer in enumerate(self.layers[:-1]):
            x = torch.relu(layer(x))
            if self.training and self.rates:
                x = x * self.mask(self.rates[i], x.shape)
        return self.layers[-1](x)


def warm_cosine(o):
    warm = LinearLR(o, start_factor=1 / 8, end_factor=1.0, total_iters=7)
    return SequentialLR(o, [warm, CosineAnnealingLR(o, T_max=STEPS - 8, eta_min=0.005)], milestones=[8])


def sgd(lr, **options):
    return lambda p: torch.optim.SGD(p, lr=lr, **options)


def adamw(lr, **options):
    return lambda p: torch.optim.AdamW(p, lr=lr, **options)


CASES = {  # name: (optimiser, schedule, other options)
    "sgd": (sgd(0.05), None, {}),
    "momentum": (sgd(0.05, momentum=0.9), None, {}),
    "nesterov": (sgd(0.05, momentum=0.9, nesterov=True), None, {}),
    "decay": (sgd(0.05, weight_decay=0.01), None, {}),
    "momentum-decay": (sgd(0.05, momentum=0.9, weight_decay=0.01), None, {}),
    "nesterov-decay": (sgd(0.05, momentum=0.8, nesterov=True, weight_decay=0.02), None, {}),
    "adamw": (adamw(0.003, weight_decay=0.0), None, {}),
    "adamw-decay": (adamw(0.003, betas=(0.85, 0.99), eps=1e-6, weight_decay=0.1), None, {}),
    "step": (sgd(0.05, momentum=0.9), lambda o: StepLR(o, 2 * EPOCH, gamma=0.5), {}),
    "cosine": (adamw(0.005), lambda o: CosineAnnealingLR(o, T_max=STEPS), {}),
    "warm-cosine": (sgd(0.05, momentum=0.9), warm_cosine, {}),
    "one-cycle": (adamw(0.01), lambda o: OneCycleLR(o, 0.01, total_steps=STEPS, cycle_momentum=False), {}),
    "smoothing": (sgd(0.05), None, {"smoothing": 0.1}),
    "dropout": (sgd(0.05), None, {"rates": [0.25, 0.5]}),
    "dropout-adamw": (adamw(0.003, weight_decay=0.0), None, {"rates": [0.5, 0.125]}),
    "ema": (sgd(0.05, momentum=0.9), None, {"average": "ema"}),
    "swa": (sgd(0.05), None, {"average": "swa"}),
}


def run(name, dtype):
    torch.set_default_dtype(dtype)
    optimizer, schedule, other = CASES[name]
    rows = list(struct.iter_unpack("65B", (HERE / "data.bin").read_bytes()))
    x = torch.tensor([row[:PIXELS] for row in rows], dtype=dtype) / 255
    y = torch.tensor([row[PIXELS] for row in rows])
    net = Net(other.get("rates"))
    optimizer = optimizer(net.parameters())
    schedule = schedule and schedule(optimizer)
    average = {
        "ema": lambda: swa_utils.AveragedModel(net, multi_avg_fn=swa_utils.get_ema_multi_avg_fn(0.9)),
        "swa": lambda: swa_utils.AveragedModel(net),
    }.get(other.get("average"), lambda: None)()
    loss_of = torch.nn.CrossEntropyLoss(label_smoothing=other.get("smoothing", 0.0))
    steps = []
    for step in range(STEPS):
        at = step % EPOCH * BATCH
        loss = loss_of(net(x[at:at + BATCH]), y[at:at + BATCH])
        steps.append((optimizer.param_groups[0]["lr"], loss.item()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if schedule:
            schedule.step()
        if average and (other["average"] == "ema" or (step + 1) % EPOCH == 0):
            average.update_parameters(net)
    net = average.module if average else net
    net.eval()
    end = torch.nn.functional.cross_entropy(net(x[TRAIN:]), y[TRAIN:]).item()
    numbers = [v for layer in net.layers for v in layer.weight.T.flatten().tolist() + layer.bias.tolist()]
    return steps, end, numbers


def main():
    table, weights = ["case,step,learning_rate,loss,drift_of_f32"], ["case,place,weight"]
    for name in CASES:
        (steps, end, numbers), (rough, rough_end, _) = run(name, torch.float64), run(name, torch.float32)
        for step, ((rate, loss), (_, other)) in enumerate(zip(steps, rough)):
            table.append(f"{name},{step},{rate:.12g},{loss:.12g},{abs(other / loss - 1):.1e}")
        table.append(f"{name},end,,{end:.12g},{abs(rough_end / end - 1):.1e}")
        weights += [f"{name},{place},{numbers[place]:.12g}" for place in range(0, len(numbers), 101)]
    (HERE / "optimizers.csv").write_text("\n".join(table) + "\n")
    (HERE / "optimizers-weights.csv").write_text("\n".join(weights) + "\n")
    print("made with PyTorch", torch.__version__)


if __name__ == "__main__":
    main()
