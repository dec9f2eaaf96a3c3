using Penstock.Engine.Cpu.Attention;
using Penstock.Engine.Cpu.Phases;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>
/// Gemma 2 (Riviere et al. 2024): norms after both halves of a layer too, GELU, scaled embeddings, soft caps on scores and logits, and
/// every second layer sees a window only. Converters have added the 1 that its norms' weights lack.
/// </summary>
internal static class Gemma2
{
    // What llama.cpp takes where a file does not say: the values of all published models.
    private const int Window = 4_096;
    private const int WindowPeriod = 2;
    private const float ScoreCap = 50;
    private const float LogitsCap = 30;
    private const int LayersOf27B = 46;

    public static Blueprint Describe(ModelDescription model)
    {
        var attention = model.Attention;
        var everything = new LayerAttention { Scale = Scale(model, LayersOf27B), SoftCap = attention.SoftCap ?? ScoreCap };
        var window = everything with { Window = attention.Window ?? Window };
        var windowRope = model.Rope with { Base = attention.WindowRopeBase ?? model.Rope.Base };
        return new Blueprint
        {
            Layers = Blueprint.Each(model, layer => HasWindow(attention, layer, WindowPeriod) ? new LayerPlan(window, windowRope) : new LayerPlan(everything, model.Rope)),
            RopeOrder = RopeOrder.Neox,
            PostNorms = true,
            Activation = GateActivation.Gelu,
            EmbeddingScale = MathF.Sqrt(model.EmbeddingWidth),
            LogitsSoftCap = model.Scales.LogitsSoftCap ?? LogitsCap,
        };
    }

    /// <summary>Of <paramref name="period"/> layers the last sees everything, unless the file says otherwise.</summary>
    public static bool HasWindow(AttentionDescription attention, int layer, int period) =>
        attention.WindowLayers?[layer] ?? ((attention.WindowPeriod ?? period) is var every && (every == 0 || layer % every < every - 1));

    /// <summary>The 27B models scale by the width that heads would have if they shared the model's; the others by the heads' own. No key says so: only the number of layers tells.</summary>
    public static float Scale(ModelDescription model, int layersOf27B) =>
        1 / MathF.Sqrt(model.LayerCount == layersOf27B ? model.EmbeddingWidth / model.HeadCount : model.HeadWidth);
}
