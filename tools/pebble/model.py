"""The network of pebble: llama architecture in PyTorch, with a key-value cache for evaluation.

Evaluation (`greedy`) computes in float32, as Penstock and llama.cpp do. Training (`hidden`, `logits`) multiplies matrices
in bfloat16, on a CPU with AVX512-BF16 four times as fast, and keeps weights and residual stream in float32; the passes
between the products are in fused.c.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

import fused

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
        """x [rows, T, d]; rope [rows, T, 1, width / 2]; the cache (k, v) is filled at `at` (rows, positions)."""
        B, T, d = x.shape
        h, kv, hd = self.h, self.kv, self.hd
        qkv = self.linear(x, "attn_q", "attn_k", "attn_v").view(B, T, h + 2 * kv, hd)
        # RoPE on interleaved pairs, the convention of llama.cpp's llama architecture.
        qk = torch.view_as_complex(qkv[:, :, :h + kv].reshape(B, T, h + kv, hd // 2, 2)) * rope
        qk = torch.view_as_real(qk).reshape(B, T, h + kv, hd)
        cache[0][at], cache[1][at] = qk[:, :, h:], qkv[:, :, h + kv:]
        q = (qk[:, :, :h] / math.sqrt(hd)).transpose(1, 2).reshape(B * kv, (h // kv) * T, hd)
        k, v = (a.transpose(1, 2).reshape(B * kv, -1, hd) for a in cache)
        s = torch.bmm(q, k.transpose(1, 2))
        s.view(B, kv, -1, s.shape[-1]).add_(mask)
        return torch.bmm(torch.softmax(s, -1), v).view(B, h, T, hd).transpose(1, 2).reshape(B, T, d)

    def forward(self, x, rope, mask, cache, at):
        x = x + self.linear(self.attention(norm(x, self.attn_norm), rope, mask, cache, at), "attn_output")
        g, u = self.linear(norm(x, self.ffn_norm), "ffn_gate", "ffn_up").chunk(2, -1)
        return x + self.linear(F.silu(g) * u, "ffn_down")

    def train_forward(self, x, table):
        """The same block for whole sequences, in bfloat16 and with gradients; table [T, width] of (cos, sin) pairs."""
        B, T, d = x.shape
        h, kv, hd = self.h, self.kv, self.hd
        qkv = self.linear(fused.Norm.apply(x, self.attn_norm, EPS), "attn_q", "attn_k", "attn_v")
        q, k, v = fused.RopeHeads.apply(qkv.view(B, T, h + 2 * kv, hd), table, h, kv)
        # The query heads that share a key head are stacked as further rows.
        s = torch.bmm(q.view(B * kv, (h // kv) * T, hd), k.view(B * kv, T, hd).transpose(1, 2))
        o = torch.bmm(fused.CausalSoftmax.apply(s), v.view(B * kv, T, hd))
        o = o.view(B, h, T, hd).transpose(1, 2).reshape(B, T, d)
        x = x + self.linear(o, "attn_output")
        g = self.linear(fused.Norm.apply(x, self.ffn_norm, EPS), "ffn_gate", "ffn_up")
        return x + self.linear(fused.SwiGlu.apply(g), "ffn_down")


def low_rank(x, lora, name):
    return F.linear(F.linear(x, lora[name + "_a"].to(x.dtype)), lora[name + "_b"].to(x.dtype))


class Model(nn.Module):
    """The output matrix is not tied to the embeddings, which need a larger scale."""

    def __init__(self, config, vocab):
        super().__init__()
        self.config, self.vocab, self.lora = config, vocab, None
        d = config["n_embd"]
        self.token_embd = nn.Parameter(torch.randn(vocab, d))
        self.output = nn.Parameter(torch.zeros(vocab, d))
        self.blk = nn.ModuleList(Block(config) for _ in range(config["n_layer"]))
        self.output_norm = nn.Parameter(torch.ones(d))
        self.rope = rope_table(d // config["n_head"], config["ctx"])

    def logits(self, x, dtype=torch.bfloat16):
        """x [rows, d], the last block's output, to float32 logits [rows, vocabulary]."""
        x = norm(x, self.output_norm).to(dtype)
        y = F.linear(x, self.output.to(dtype))
        if self.lora is not None:
            y = y + low_rank(x, self.lora, "output")
        return y.float()

    def hidden(self, ids):
        """Output of every block, [rows, T, d] each, for training."""
        table = torch.view_as_real(self.rope[:ids.shape[1]]).flatten(1).contiguous()
        x, out = F.embedding(ids, self.token_embd), []
        for b in self.blk:
            x = b.train_forward(x, table)
            out.append(x)
        return out

    @torch.no_grad()
    def half_weights(self):
        """Rounds the matrices to float16, as the GGUF file holds them."""
        for p in self.parameters():
            if p.dim() == 2:
                p.copy_(p.half().float())

    def cache(self, rows, room):
        """Empty keys and values of every block for some rows of at most `room` positions."""
        shape = rows, room, self.config["n_kv"], self.config["n_embd"] // self.config["n_head"]
        return [(torch.zeros(shape), torch.zeros(shape)) for _ in self.blk]

    def forward(self, ids, position, cache):
        """The last block's output [rows, T, d] in float32 for ids at positions, both [rows, T]; fills the cache."""
        room, repeat = cache[0][0].shape[1], self.config["n_head"] // self.config["n_kv"]
        # Padding behind a short prompt is overwritten in the cache before any query may see it.
        mask = torch.where(torch.arange(room) <= position[:, :, None], 0.0, -1e9)
        mask = mask.repeat(1, repeat, 1)[:, None]
        x, rows = F.embedding(ids, self.token_embd), torch.arange(len(ids))[:, None]
        for b, c in zip(self.blk, cache):
            x = b(x, self.rope[position][:, :, None], mask, c, (rows, position))
        return x

    @torch.no_grad()
    def predictions(self, ids):
        """The most likely next token after each of the ids of one text, in float32."""
        x = self(torch.tensor([ids]), torch.arange(len(ids))[None], self.cache(1, len(ids)))
        return self.logits(x[0], torch.float32).argmax(-1).tolist()

    @torch.no_grad()
    def greedy(self, prompts, limit, stop):
        """Greedy continuations of a batch of prompts (lists of ids), without the stop token."""
        B, lengths = len(prompts), torch.tensor([len(p) for p in prompts])
        T = int(lengths.max())
        room = min(T + limit, self.config["ctx"])
        ids = torch.zeros(B, T, dtype=torch.long)
        for i, p in enumerate(prompts):
            ids[i, :len(p)] = torch.tensor(p)
        cache, rows, position = self.cache(B, room), torch.arange(B), torch.arange(T).expand(B, T)
        out, alive = [[] for _ in prompts], torch.ones(B, dtype=torch.bool)
        for step in range(room - T):
            x = self(ids, position, cache)
            last = (lengths - 1) if step == 0 else torch.zeros(B, dtype=torch.long)
            ids = self.logits(x[rows, last], torch.float32).argmax(-1)
            alive &= ~torch.isin(ids, torch.tensor(sorted(stop)))
            if not alive.any():
                break
            for i in alive.nonzero().flatten().tolist():
                out[i].append(int(ids[i]))
            ids, position = ids[:, None], (lengths + step)[:, None]
        return out
