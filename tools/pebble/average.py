#!/usr/bin/env python3
"""Average adapters that were trained one from the other, weight by weight.

usage: average.py OUT FILE=SHARE [FILE=SHARE ...]

FILE is a checkpoint of train_adapter.py. The last stages of a run with other shares of the skills gain in one skill and lose in
another; between two of them lies one that keeps most of both (Wortsman et al. 2022, "Model soups"). Only for stages of one run:
the low-rank pairs of separate runs have nothing to do with each other.
"""
import sys

import torch


def main(out, words):
    parts = [(torch.load(path)["lora"], float(share)) for path, _, share in (w.rpartition("=") for w in words)]
    lora = [{name: sum(share * part[i][name] for part, share in parts) for name in layer} for i, layer in enumerate(parts[0][0])]
    torch.save(dict(lora=lora), out)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
