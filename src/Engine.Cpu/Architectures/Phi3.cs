using Penstock.Engine.Cpu.Attention;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>
/// Phi 3, 3.5 and 4 (Abdin et al. 2024): queries, keys and values come from one matrix, gate and up from another; LongRoPE's factors
/// by the length of the context. The window in the metadata is not applied, as in llama.cpp: converters do not write it for all models
/// (and those of Phi 3.5 and 4 are as wide as their contexts).
/// </summary>
internal static class Phi3
{
    public static Blueprint Describe(ModelDescription model) => new()
    {
        Layers = Blueprint.Uniform(model),
        RopeOrder = RopeOrder.Neox,
        FusedGateUp = true,
    };
}
