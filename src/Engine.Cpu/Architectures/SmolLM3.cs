using Penstock.Engine.Cpu.Attention;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>SmolLM 3 (Hugging Face 2025): llama, but every fourth layer knows no positions (Yang et al. 2025, "Rope to Nope and Back Again").</summary>
internal static class SmolLM3
{
    private const int WithoutPositions = 4;

    public static Blueprint Describe(ModelDescription model) => new()
    {
        Layers = Blueprint.Each(model, layer => new LayerPlan(
            new LayerAttention { Scale = model.Attention.Scale ?? 0 },
            layer % WithoutPositions == WithoutPositions - 1 ? null : model.Rope)),
    };
}
