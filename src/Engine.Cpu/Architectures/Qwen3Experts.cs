using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>Qwen 3's mixtures of experts (Yang et al. 2025): Qwen 3 with many narrow experts in each layer.</summary>
internal static class Qwen3Experts
{
    public static Blueprint Describe(ModelDescription model) => Qwen3.Describe(model) with
    {
        // Where a file does not say, the experts of a token are together as wide as a dense layer would be (llama.cpp's rule).
        ExpertWidth = model.Experts is { } experts ? experts.Width ?? model.FeedForwardWidth / experts.Used : 0,
    };
}
