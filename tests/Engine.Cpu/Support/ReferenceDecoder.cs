using Penstock.Models.Description;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Cpu.Tests.Support;

/// <summary>The decoders as their papers write them, in double precision and without any cleverness. Quantizes activations where the weights are quantized, as the engine does.</summary>
/// <param name="file">The model.</param>
/// <param name="asLlamaCpp">Round where llama.cpp does and the engine does not: scales of quantized activations and the table of GELU are half precision.</param>
/// <param name="context">The context's length, which chooses LongRoPE's factors.</param>
internal sealed class ReferenceDecoder(GgufFile file, bool asLlamaCpp = false, int context = 0)
{
    private readonly ModelDescription model = ModelDescription.From(file);
    private readonly ReferenceRules rules = ReferenceRules.Of(file);
    private readonly ReferenceWeights weights = new(file, asLlamaCpp);

    /// <summary>Logits after the last token.</summary>
    public double[] Logits(int[] tokens)
    {
        var x = tokens.Select(token => Scale(weights.Row("token_embd.weight", token, model.EmbeddingWidth), rules.EmbeddingScale)).ToArray();
        for (var layer = 0; layer < model.LayerCount; layer++)
        {
            var blk = $"blk.{layer}.";
            var attended = Attend(layer, blk, x);
            for (var i = 0; i < x.Length; i++)
            {
                x[i] = Join(x[i], Biased(weights.Multiply(blk + "attn_output.weight", attended[i]), blk + "attn_output.bias"), blk + "post_attention_norm.weight");
                var normed = Norm(x[i], blk + "ffn_norm.weight");
                x[i] = Join(x[i], model.Experts is { } experts ? Mix(blk, normed, experts) : FeedForward(blk, normed), blk + "post_ffw_norm.weight");
            }
        }

        var logits = weights.Multiply(weights.Has("output.weight") ? "output.weight" : "token_embd.weight", Norm(x[^1], "output_norm.weight"));
        return [.. logits.Select(logit => Cap(logit / rules.LogitsDivisor, rules.LogitsCap))];
    }

    /// <summary>Root mean square of the difference over that of the reference.</summary>
    public static double RelativeError(double[] expected, ReadOnlySpan<float> actual)
    {
        double difference = 0, size = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            difference += (expected[i] - actual[i]) * (expected[i] - actual[i]);
            size += expected[i] * expected[i];
        }

        return Math.Sqrt(difference / size);
    }

    private double[][] Attend(int layer, string blk, double[][] x)
    {
        var (heads, kvHeads, width) = (model.HeadCount, model.KvHeadCount, model.HeadWidth);
        var (q, k, v) = (new double[x.Length][], new double[x.Length][], new double[x.Length][]);
        for (var i = 0; i < x.Length; i++)
        {
            var h = Norm(x[i], blk + "attn_norm.weight");
            (q[i], k[i], v[i]) = Project(blk, h);
            q[i] = Rotate(NormHeads(q[i], blk + "attn_q_norm.weight"), i, layer);
            k[i] = Rotate(NormHeads(k[i], blk + "attn_k_norm.weight"), i, layer);
        }

        var attended = new double[x.Length][];
        for (var i = 0; i < x.Length; i++)
        {
            attended[i] = new double[heads * width];
            var first = rules.Window > 0 && rules.Windowed(layer) ? Math.Max(0, i - rules.Window + 1) : 0;
            for (var head = 0; head < heads; head++)
            {
                var kv = head / (heads / kvHeads) * width;
                var scores = new double[i + 1 - first];
                for (var t = first; t <= i; t++)
                    scores[t - first] = Cap(Dot(q[i], head * width, k[t], kv, width) * rules.ScoreScale, rules.ScoreCap);
                var probabilities = Softmax(scores);
                for (var t = first; t <= i; t++)
                {
                    for (var d = 0; d < width; d++)
                        attended[i][(head * width) + d] += probabilities[t - first] * v[t][kv + d];
                }
            }
        }

        return attended;
    }

    private (double[] Query, double[] Key, double[] Value) Project(string blk, double[] h)
    {
        if (!weights.Has(blk + "attn_qkv.weight"))
            return (Biased(weights.Multiply(blk + "attn_q.weight", h), blk + "attn_q.bias"), Biased(weights.Multiply(blk + "attn_k.weight", h), blk + "attn_k.bias"), Biased(weights.Multiply(blk + "attn_v.weight", h), blk + "attn_v.bias"));

        var (queries, keys) = (model.HeadCount * model.HeadWidth, model.KvHeadCount * model.HeadWidth);
        var all = weights.Multiply(blk + "attn_qkv.weight", h);
        return (all[..queries], all[queries..(queries + keys)], all[(queries + keys)..]);
    }

    private double[] FeedForward(string blk, double[] x)
    {
        var up = weights.Multiply(blk + "ffn_up.weight", x);
        var gate = weights.Has(blk + "ffn_gate.weight") ? weights.Multiply(blk + "ffn_gate.weight", x) : up[..(up.Length / 2)];
        return weights.Multiply(blk + "ffn_down.weight", [.. gate.Zip(up[^gate.Length..], (g, u) => Activate(g) * u)]);
    }

    private double[] Mix(string blk, double[] x, ExpertDescription experts)
    {
        var odds = Softmax(weights.Multiply(blk + "ffn_gate_inp.weight", x));
        var chosen = Enumerable.Range(0, experts.Count).OrderByDescending(expert => odds[expert]).Take(experts.Used).ToArray();
        var total = chosen.Sum(expert => odds[expert]);
        var sum = new double[x.Length];
        foreach (var expert in chosen)
        {
            var gate = weights.Multiply(blk + "ffn_gate_exps.weight", x, expert, experts.Count);
            var up = weights.Multiply(blk + "ffn_up_exps.weight", x, expert, experts.Count);
            var result = weights.Multiply(blk + "ffn_down_exps.weight", [.. gate.Zip(up, (g, u) => Activate(g) * u)], expert, experts.Count);
            sum = Add(sum, Scale(result, odds[expert] / total));
        }

        return sum;
    }

    private double Activate(double x)
    {
        if (!rules.Gelu)
            return x / (1 + Math.Exp(-x));
        x = asLlamaCpp ? (double)(Half)x : x;
        var gelu = 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));
        return asLlamaCpp ? (double)(Half)gelu : gelu;
    }

    private double[] Rotate(double[] heads, int position, int layer)
    {
        if (!rules.Rotates(layer))
            return heads;
        var rope = model.Rope;
        var windowed = rules.Window > 0 && rules.Windowed(layer) && rules.WindowRopeBase is not null;
        var (ropeBase, factor) = windowed ? (rules.WindowRopeBase!.Value, 1) : (rules.RopeBase, rules.RopeFactor);
        var longer = context > (rope.OriginalContextLength ?? model.ContextLength);
        string[] names = ["rope_freqs.weight", longer ? "rope_factors_long.weight" : "rope_factors_short.weight"];
        var factors = names.FirstOrDefault(weights.Has) is { } name ? weights.Vector(name) : null;
        var result = heads.ToArray();
        for (var start = 0; start < heads.Length; start += model.HeadWidth)
        {
            for (var pair = 0; pair < rope.Width / 2; pair++)
            {
                var angle = position * Math.Pow(ropeBase, -2.0 * pair / rope.Width) / (factors?[pair] ?? 1) / factor;
                var (first, second) = rules.RotatesHalves ? (start + pair, start + pair + (rope.Width / 2)) : (start + (2 * pair), start + (2 * pair) + 1);
                result[first] = ((heads[first] * Math.Cos(angle)) - (heads[second] * Math.Sin(angle))) * rope.AttentionFactor;
                result[second] = ((heads[first] * Math.Sin(angle)) + (heads[second] * Math.Cos(angle))) * rope.AttentionFactor;
            }
        }

        return result;
    }

    private double[] Join(double[] x, double[] result, string norm) => Add(x, Scale(rules.NormsResults ? Norm(result, norm) : result, rules.ResidualScale));

    private double[] NormHeads(double[] heads, string name) => rules.NormsHeads ? [.. heads.Chunk(model.HeadWidth).SelectMany(head => Norm(head, name))] : heads;

    private double[] Norm(double[] x, string name)
    {
        var scale = 1 / Math.Sqrt((x.Sum(value => value * value) / x.Length) + model.NormEpsilon);
        var weight = weights.Vector(name);
        return [.. x.Select((value, i) => value * scale * weight[i])];
    }

    private double[] Biased(double[] x, string name) => weights.Has(name) ? [.. x.Zip(weights.Vector(name), (value, bias) => value + bias)] : x;

    private static double[] Softmax(double[] scores)
    {
        var largest = scores.Max();
        var total = scores.Sum(score => Math.Exp(score - largest));
        return [.. scores.Select(score => Math.Exp(score - largest) / total)];
    }

    private static double Dot(double[] a, int from, double[] b, int other, int count)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++)
            sum += a[from + i] * b[other + i];
        return sum;
    }

    private static double Cap(double value, double cap) => cap == 0 ? value : cap * Math.Tanh(value / cap);

    private static double[] Scale(double[] x, double factor) => [.. x.Select(value => value * factor)];

    private static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (p, q) => p + q)];
}
