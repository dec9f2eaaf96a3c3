"""Muon: momentum whose update matrix is made nearly orthogonal (Jordan et al., 2024)."""
import torch


def orthogonal(x, steps=5):
    """Newton-Schulz iteration towards the nearest orthogonal matrix, in bfloat16: its result need not be exact."""
    flip = x.shape[0] > x.shape[1]
    x = x.t() if flip else x
    x = (x / (x.norm() + 1e-7)).bfloat16()
    for _ in range(steps):
        a = x @ x.t()
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
    return (x.t() if flip else x).float()


class Muon(torch.optim.Optimizer):
    def __init__(self, params, lr, momentum=0.95):
        super().__init__(params, dict(lr=lr, momentum=momentum))

    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            for p in g["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                m.lerp_(p.grad, 1 - g["momentum"])
                x = orthogonal(p.grad.lerp(m, g["momentum"]))
                p.add_(x, alpha=-g["lr"] * max(1, p.shape[0] / p.shape[1]) ** 0.5)
