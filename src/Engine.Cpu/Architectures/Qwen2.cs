using Penstock.Engine.Cpu.Attention;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>Qwen 2 and 2.5 (Yang et al. 2024): llama with biases on queries, keys and values.</summary>
internal static class Qwen2
{
    public static Blueprint Describe(ModelDescription model) => new()
    {
        Layers = Blueprint.Uniform(model),
        RopeOrder = RopeOrder.Neox,
    };
}
