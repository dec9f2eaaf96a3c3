using Penstock.Engine.Cpu.Attention;
using Penstock.Engine.Cpu.Phases;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>
/// Gemma 3's text model (Kamath et al. 2025): as Gemma 2, but with normed heads in place of the scores' cap, and five layers with a
/// window and frequencies of their own for each that sees everything. Only the latter are stretched for long contexts.
/// </summary>
internal static class Gemma3
{
    private const int WindowPeriod = 6;
    private const float WindowRopeBase = 10_000;
    private const int LayersOf27B = 62;

    public static Blueprint Describe(ModelDescription model)
    {
        var attention = model.Attention;
        var everything = new LayerAttention { Scale = Gemma2.Scale(model, LayersOf27B) };
        var window = everything with { Window = attention.Window ?? 0 };
        var windowRope = model.Rope with { Base = attention.WindowRopeBase ?? WindowRopeBase, Factor = 1 };
        return new Blueprint
        {
            Layers = Blueprint.Each(model, layer => window.Window > 0 && Gemma2.HasWindow(attention, layer, WindowPeriod)
                ? new LayerPlan(window, windowRope)
                : new LayerPlan(everything, model.Rope)),
            RopeOrder = RopeOrder.Neox,
            QueryKeyNorm = true,
            PostNorms = true,
            Activation = GateActivation.Gelu,
            EmbeddingScale = MathF.Sqrt(model.EmbeddingWidth),
            LogitsSoftCap = model.Scales.LogitsSoftCap ?? 0,
        };
    }
}
