"""The network of pebble: llama architecture in PyTorch, with a key-value cache for evaluation.

Training multiplies matrices in bfloat16 (on a CPU with AVX512-BF16 four times as fast as
float32) and keeps weights, residual stream, norms and softmax in float32. `Model.dtype` says
which; evaluation uses float32, as Penstock and llama.cpp do.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

CONFIGS = {
    "pebble": dict(n_embd=256, n_layer=6, n_head=8, n_kv=4, n_ff=512, ctx=2048),
    "pebble-draft": dict(n_embd=128, n_layer=2, n_head=4, n_kv=2, n_ff=256, ctx=2048),
}
ROPE_BASE, EPS = 10000.0, 1e-5
MATRICES = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")


def norm(x, w):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPS) * w


def rope_table(width, length):
    """Unit complex numbers [length, width / 2]: rotation of each pair at each position."""
    f = ROPE_BASE ** (-torch.arange(0, width, 2).float() / width)
    t = torch.outer(torch.arange(length).float(), f)
    return torch.polar(torch.ones_like(t), t)


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        d, hd = c["n_embd"], c["n_embd"] // c["n_head"]
        self.h, self.kv, self.hd = c["n_head"], c["n_kv"], hd
        self.attn_norm, self.ffn_norm = nn.Parameter(torch.ones(d)), nn.Parameter(torch.ones(d))
        shapes = ((d, d), (self.kv * hd, d), (self.kv * hd, d), (d, d), (c["n_ff"], d), (c["n_ff"], d), (d, c["n_ff"]))
        for name, (o, i) in zip(MATRICES, shapes):
            # A zero output makes every new block the identity, also one put into a trained model.
            w = torch.zeros(o, i) if name in ("attn_output", "ffn_down") else torch.randn(o, i) / math.sqrt(i)
            setattr(self, name, nn.Parameter(w))
        self.lora = None

    def linear(self, x, *names):
        """One or several projections of the same input in one product."""
        ws = [getattr(self, n) for n in names]
        y = F.linear(x, (ws[0] if len(ws) == 1 else torch.cat(ws)).to(x.dtype))
        if self.lora is not None:
            y = y + torch.cat([low_rank(x, self.lora, n) for n in names], -1)
        return y

    def attention(self, x, rope, mask, cache, at):
        """x [rows, T, d]; rope [T or rows, T, 1, width / 2]; cache (k, v) is filled at `at` (rows, positions)."""
        B, T, d = x.shape
        h, kv, hd, dtype = self.h, self.kv, self.hd, x.dtype
        qkv = self.linear(x, "attn_q", "attn_k", "attn_v").view(B, T, h + 2 * kv, hd)
        # RoPE on interleaved pairs, the convention of llama.cpp's llama architecture.
        qk = torch.view_as_complex(qkv[:, :, :h + kv].float().reshape(B, T, h + kv, hd // 2, 2)) * rope
        qk = torch.view_as_real(qk).reshape(B, T, h + kv, hd)
        q = (qk[:, :, :h] / math.sqrt(hd)).to(dtype).transpose(1, 2).reshape(B * kv, (h // kv) * T, hd)
        k, v = qk[:, :, h:].to(dtype), qkv[:, :, h + kv:]
        if cache is not None:
            cache[0][at], cache[1][at] = k, v
            k, v = cache
        k, v = (a.transpose(1, 2).reshape(B * kv, -1, hd) for a in (k, v))
        s = torch.bmm(q, k.transpose(1, 2)).float()
        s.view(B, kv, -1, s.shape[-1]).add_(mask)
        o = torch.bmm(torch.softmax(s, -1).to(dtype), v)
        return o.view(B, h, T, hd).transpose(1, 2).reshape(B, T, d)

    def forward(self, x, rope, mask, dtype, cache=None, at=None):
        o = self.attention(norm(x, self.attn_norm).to(dtype), rope, mask, cache, at)
        x = x + self.linear(o, "attn_output")
        g, u = self.linear(norm(x, self.ffn_norm).to(dtype), "ffn_gate", "ffn_up").chunk(2, -1)
        return x + self.linear((F.silu(g.float()) * u).to(dtype), "ffn_down")     # silu is slow in bfloat16


def low_rank(x, lora, name):
    return F.linear(F.linear(x, lora[name + "_a"].to(x.dtype)), lora[name + "_b"].to(x.dtype))


class Model(nn.Module):
    """The output matrix is not tied to the embeddings, which need a larger scale."""

    def __init__(self, config, vocab):
        super().__init__()
        self.config, self.vocab, self.lora, self.dtype = config, vocab, None, torch.float32
        d = config["n_embd"]
        self.token_embd = nn.Parameter(torch.randn(vocab, d))
        self.output = nn.Parameter(torch.zeros(vocab, d))
        self.blk = nn.ModuleList(Block(config) for _ in range(config["n_layer"]))
        self.output_norm = nn.Parameter(torch.ones(d))
        self.rope = rope_table(d // config["n_head"], config["ctx"])

    def logits(self, x):
        """x [rows, d], the last block's output, to float32 logits [rows, vocabulary]."""
        x = norm(x, self.output_norm).to(self.dtype)
        y = F.linear(x, self.output.to(self.dtype))
        if self.lora is not None:
            y = y + low_rank(x, self.lora, "output")
        return y.float()

    def hidden(self, ids, tap=None):
        """Output of the last block [rows, T, d] and of block `tap` (or None)."""
        T = ids.shape[1]
        mask = torch.full((T, T), -1e9).triu(1).repeat(self.config["n_head"] // self.config["n_kv"], 1)
        x, tapped = F.embedding(ids, self.token_embd), None
        for i, b in enumerate(self.blk):
            x = b(x, self.rope[:T, None], mask, self.dtype)
            tapped = x if i == tap else tapped
        return x, tapped

    @torch.no_grad()
    def half_weights(self):
        """Rounds the matrices to float16, as the GGUF file holds them."""
        for p in self.parameters():
            if p.dim() == 2:
                p.copy_(p.half().float())

    @torch.no_grad()
    def greedy(self, prompts, limit, stop):
        """Greedy continuations of a batch of prompts (lists of ids), without the stop token."""
        B, lengths = len(prompts), torch.tensor([len(p) for p in prompts])
        T = int(lengths.max())
        room = min(T + limit, self.config["ctx"])
        ids = torch.zeros(B, T, dtype=torch.long)
        for i, p in enumerate(prompts):
            ids[i, :len(p)] = torch.tensor(p)
        kv, hd = self.config["n_kv"], self.config["n_embd"] // self.config["n_head"]
        cache = [(torch.zeros(B, room, kv, hd), torch.zeros(B, room, kv, hd)) for _ in self.blk]
        repeat = self.config["n_head"] // self.config["n_kv"]
        rows, position = torch.arange(B), torch.arange(T).expand(B, T)
        out, alive = [[] for _ in prompts], torch.ones(B, dtype=torch.bool)
        for step in range(room - T):
            # Padding behind a short prompt is overwritten in the cache before any query may see it.
            mask = torch.where(torch.arange(room) <= position[:, :, None], 0.0, -1e9)
            mask = mask.repeat(1, repeat, 1)[:, None]
            x = F.embedding(ids, self.token_embd)
            for b, c in zip(self.blk, cache):
                x = b(x, self.rope[position][:, :, None], mask, torch.float32, c, (rows[:, None], position))
            last = (lengths - 1) if step == 0 else torch.zeros(B, dtype=torch.long)
            ids = self.logits(x[rows, last]).argmax(-1)
            alive &= ~torch.isin(ids, torch.tensor(sorted(stop)))
            if not alive.any():
                break
            for i in alive.nonzero().flatten().tolist():
                out[i].append(int(ids[i]))
            ids, position = ids[:, None], (lengths + step)[:, None]
        return out
