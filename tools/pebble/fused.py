"""The passes of fused.c as PyTorch functions with gradients. Needs gcc; the library is built on first use."""
import ctypes
import functools
import os
import subprocess
import tempfile

import torch

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fused.c")


@functools.lru_cache(None)
def library():
    path = os.path.join(tempfile.mkdtemp(), "fused.so")
    subprocess.run(["gcc", "-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math", "-shared", "-fPIC",
                    SOURCE, "-o", path, "-lm"], check=True)
    return ctypes.CDLL(path)


def call(name, *args):
    """Tensors go as pointers, whole numbers as long, others as float."""
    kinds = {int: ctypes.c_long, float: ctypes.c_float}
    getattr(library(), name)(*(ctypes.c_void_p(a.data_ptr()) if isinstance(a, torch.Tensor) else kinds[type(a)](a)
                               for a in args))


class Norm(torch.autograd.Function):
    """RMSNorm of float32 [rows, T, d] into bfloat16."""
    @staticmethod
    def forward(ctx, x, w, eps):
        y, scale = torch.empty(x.shape, dtype=torch.bfloat16), torch.empty(x.shape[:-1])
        call("norm_forward", x, w, y, scale, scale.numel(), x.shape[-1], eps)
        ctx.save_for_backward(x, w, scale)
        return y

    @staticmethod
    def backward(ctx, dy):
        x, w, scale = ctx.saved_tensors
        dx, dw = torch.empty_like(x), torch.zeros_like(w)
        call("norm_backward", x, w, scale, dy.contiguous(), dx, dw, scale.numel(), x.shape[-1])
        return dx, dw, None


class CausalSoftmax(torch.autograd.Function):
    """Softmax of bfloat16 scores [groups, repeat * T, T] in place; row t sees columns 0..t."""
    @staticmethod
    def forward(ctx, s):
        call("softmax_forward", s, s.numel() // s.shape[-1], s.shape[-1])
        ctx.mark_dirty(s)
        ctx.save_for_backward(s)
        return s

    @staticmethod
    def backward(ctx, g):
        p, = ctx.saved_tensors
        g = g.contiguous()
        call("softmax_backward", p, g, p.numel() // p.shape[-1], p.shape[-1])
        return g


class SwiGlu(torch.autograd.Function):
    """silu(gate) * up of bfloat16 [rows, T, 2 f] into [rows, T, f]."""
    @staticmethod
    def forward(ctx, x):
        f = x.shape[-1] // 2
        y = torch.empty(*x.shape[:-1], f, dtype=torch.bfloat16)
        call("swiglu_forward", x, y, y.numel() // f, f)
        ctx.save_for_backward(x)
        return y

    @staticmethod
    def backward(ctx, dy):
        x, = ctx.saved_tensors
        dx = torch.empty_like(x)
        call("swiglu_backward", x, dy.contiguous(), dx, dy.numel() // dy.shape[-1], dy.shape[-1])
        return dx


class RopeHeads(torch.autograd.Function):
    """bfloat16 [B, T, h + 2 kv, w] into rotated q (scaled by 1 / sqrt(w)), k, and v, each [B, heads, T, w]."""
    @staticmethod
    def forward(ctx, x, table, h, kv):
        B, T, _, w = x.shape
        q, k, v = (torch.empty(B, n, T, w, dtype=torch.bfloat16) for n in (h, kv, kv))
        call("rope_heads", x, table, q, k, v, B, T, h, kv, w, w ** -0.5, 0)
        ctx.save_for_backward(table)
        ctx.shape = x.shape, h, kv
        return q, k, v

    @staticmethod
    def backward(ctx, dq, dk, dv):
        table, = ctx.saved_tensors
        (B, T, n, w), h, kv = ctx.shape
        dx = torch.empty(B, T, n, w, dtype=torch.bfloat16)
        call("rope_heads", dx, table, dq.contiguous(), dk.contiguous(), dv.contiguous(), B, T, h, kv, w, w ** -0.5, 1)
        return dx, None, None, None
