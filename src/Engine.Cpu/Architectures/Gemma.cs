using Penstock.Engine.Cpu.Attention;
using Penstock.Engine.Cpu.Phases;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>Gemma 1 (Mesnard et al. 2024): llama with GELU and scaled embeddings. Converters have added the 1 that its norms' weights lack.</summary>
internal static class Gemma
{
    public static Blueprint Describe(ModelDescription model) => new()
    {
        Layers = Blueprint.Uniform(model),
        RopeOrder = RopeOrder.Neox,
        Activation = GateActivation.Gelu,
        EmbeddingScale = MathF.Sqrt(model.EmbeddingWidth),
    };
}
