using Penstock.Engine.Cpu.Attention;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>Qwen 3 (Yang et al. 2025): each query and key head is normed.</summary>
internal static class Qwen3
{
    public static Blueprint Describe(ModelDescription model) => new()
    {
        Layers = Blueprint.Uniform(model),
        RopeOrder = RopeOrder.Neox,
        QueryKeyNorm = true,
    };
}
