// The element-wise parts of a training step, each as one pass over memory instead of PyTorch's four to eight.
// Activations between matrix products are bfloat16 (uint16_t here), all arithmetic is float32. Arrays are contiguous.
#include <math.h>
#include <stdint.h>
#include <string.h>

typedef uint16_t bf16;

static inline float up(bf16 x) { uint32_t u = (uint32_t)x << 16; float f; memcpy(&f, &u, 4); return f; }

static inline bf16 down(float f) {          // round to nearest, ties to even; no NaN occurs
    uint32_t u; memcpy(&u, &f, 4);
    return (bf16)((u + 0x7fff + ((u >> 16) & 1)) >> 16);
}

// RMSNorm: x [n, d] float32, w [d], y [n, d] bfloat16, scale [n] is kept for the backward pass.
void norm_forward(const float *x, const float *w, bf16 *y, float *scale, long n, long d, float eps) {
    for (long i = 0; i < n; i++, x += d, y += d) {
        float sum = 0;
        for (long j = 0; j < d; j++) sum += x[j] * x[j];
        float s = scale[i] = 1 / sqrtf(sum / d + eps);
        for (long j = 0; j < d; j++) y[j] = down(x[j] * s * w[j]);
    }
}

void norm_backward(const float *x, const float *w, const float *scale, const bf16 *dy, float *dx, float *dw, long n, long d) {
    for (long i = 0; i < n; i++, x += d, dy += d, dx += d) {
        float s = scale[i], dot = 0;
        for (long j = 0; j < d; j++) dot += up(dy[j]) * w[j] * x[j];
        dot *= s * s / d;
        for (long j = 0; j < d; j++) {
            float g = up(dy[j]);
            dx[j] = s * (g * w[j] - x[j] * dot);
            dw[j] += g * x[j] * s;
        }
    }
}

// Causal softmax in place: s [groups, repeat, T, T]; row t sees columns 0..t.
void softmax_forward(bf16 *s, long rows, long T) {
    float e[T];
    for (long i = 0; i < rows; i++, s += T) {
        long n = i % T + 1;
        float top = -1e30f, sum = 0;
        for (long j = 0; j < n; j++) { float v = e[j] = up(s[j]); top = v > top ? v : top; }
        for (long j = 0; j < n; j++) { float v = expf(e[j] - top); e[j] = v; sum += v; }
        sum = 1 / sum;
        for (long j = 0; j < n; j++) s[j] = down(e[j] * sum);
        memset(s + n, 0, (T - n) * sizeof(bf16));
    }
}

// g is the gradient of the probabilities p and becomes that of the scores.
void softmax_backward(const bf16 *p, bf16 *g, long rows, long T) {
    for (long i = 0; i < rows; i++, p += T, g += T) {
        long n = i % T + 1;
        float dot = 0;
        for (long j = 0; j < n; j++) dot += up(p[j]) * up(g[j]);
        for (long j = 0; j < n; j++) g[j] = down(up(p[j]) * (up(g[j]) - dot));
        memset(g + n, 0, (T - n) * sizeof(bf16));
    }
}

// SwiGLU: x [n, 2f] holds gate and up, y [n, f] = silu(gate) * up.
void swiglu_forward(const bf16 *x, bf16 *y, long n, long f) {
    for (long i = 0; i < n; i++, x += 2 * f, y += f)
        for (long j = 0; j < f; j++) { float g = up(x[j]); y[j] = down(g / (1 + expf(-g)) * up(x[f + j])); }
}

void swiglu_backward(const bf16 *x, const bf16 *dy, bf16 *dx, long n, long f) {
    for (long i = 0; i < n; i++, x += 2 * f, dy += f, dx += 2 * f)
        for (long j = 0; j < f; j++) {
            float g = up(x[j]), d = up(dy[j]), s = 1 / (1 + expf(-g));
            dx[j] = down(d * up(x[f + j]) * s * (1 + g * (1 - s)));
            dx[f + j] = down(d * g * s);
        }
}

// RoPE on interleaved pairs, and the split into heads: x [B, T, h + 2 kv, w], table [T, w] of (cos, sin) pairs,
// out: q [B, h, T, w] (times qscale), k and v [B, kv, T, w]. With back = 1 the gradients go the other way.
void rope_heads(bf16 *x, const float *table, bf16 *q, bf16 *k, bf16 *v, long B, long T, long h, long kv, long w, float qscale, int back) {
    for (long b = 0; b < B; b++)
        for (long t = 0; t < T; t++)
            for (long a = 0; a < h + 2 * kv; a++, x += w) {
                bf16 *o = a < h ? q + ((b * h + a) * T + t) * w
                        : a < h + kv ? k + ((b * kv + a - h) * T + t) * w : v + ((b * kv + a - h - kv) * T + t) * w;
                if (a >= h + kv) { back ? memcpy(x, o, w * sizeof(bf16)) : memcpy(o, x, w * sizeof(bf16)); continue; }
                const float *c = table + t * w;
                float scale = a < h ? qscale : 1, sign = back ? -1 : 1;
                const bf16 *from = back ? o : x;
                bf16 *to = back ? x : o;
                for (long j = 0; j < w; j += 2) {
                    float re = up(from[j]) * scale, im = up(from[j + 1]) * scale, si = sign * c[j + 1];
                    to[j] = down(re * c[j] - im * si);
                    to[j + 1] = down(re * si + im * c[j]);
                }
            }
}
