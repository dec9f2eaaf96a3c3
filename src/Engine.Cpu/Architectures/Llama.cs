using Penstock.Engine.Cpu.Attention;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>Llama 1 to 3 (Touvron et al. 2023) and what converters write in its form: Mistral, SmolLM, TinyLlama, Yi and many more; with experts it is Mixtral (Jiang et al. 2024). The base that the others are told apart from.</summary>
internal static class Llama
{
    public static Blueprint Describe(ModelDescription model) => new()
    {
        // Mistral 7B v0.1 has a window of 4,096; llama.cpp does not read the key for this architecture.
        Layers = Blueprint.Uniform(model, new LayerAttention { Window = model.Attention.Window ?? 0, Scale = model.Attention.Scale ?? 0 }),

        // Old converters wrote the rotary frequencies of each layer; llama.cpp has always computed them instead.
        Ignored = [".attn_rot_embd", ".rot_embd", ".attn_rot_embd.weight", ".rot_embd.weight"],
    };
}
