using Penstock.Engine.Cpu.Attention;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>Granite 3 (IBM 2024): llama with four constant factors, in the place of the usual initialization (maximal update parametrization).</summary>
internal static class Granite
{
    public static Blueprint Describe(ModelDescription model) => new()
    {
        Layers = Blueprint.Each(model, _ => new LayerPlan(new LayerAttention { Scale = model.Attention.Scale ?? 0 }, model.Rope.Finetuned == false ? null : model.Rope)),
        EmbeddingScale = OneWhereNone(model.Scales.Embedding),
        ResidualScale = OneWhereNone(model.Scales.Residual),
        LogitsScale = 1 / model.Scales.Logits!.Value,
    };

    private static float OneWhereNone(float? scale) => scale is null or 0 ? 1 : scale.Value;
}
