using Penstock.Models.Gguf;

namespace Penstock.Models.Adapters;

/// <summary>What a model says to an adapter: its architecture and the shapes of its tensors. Stays when the file is closed. Immutable.</summary>
public sealed class LoraBase
{
    private readonly string name;
    private readonly string architecture;
    private readonly Dictionary<string, long[]> shapes;

    private LoraBase(GgufFile model)
    {
        name = Path.GetFileName(model.Path);
        architecture = model.Metadata.String("general.architecture");
        shapes = model.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape.ToArray(), StringComparer.Ordinal);
    }

    /// <param name="model">The base model.</param>
    public static LoraBase Of(GgufFile model) => new(model);

    /// <summary>Checks that an adapter was made for this model, as far as shapes tell.</summary>
    /// <exception cref="GgufException">It was not; the tensor at fault is named.</exception>
    public void RequireFit(LoraFile adapter)
    {
        if (adapter.Architecture != architecture)
        {
            throw new GgufException(
                adapter.Path,
                $"the adapter is for the architecture {GgufName.Printable(adapter.Architecture)}, and {name} is {GgufName.Printable(architecture)}",
                "Load it into the model that it was trained for.");
        }

        foreach (var pair in adapter.Pairs)
            RequireFit(adapter, pair);
    }

    private void RequireFit(LoraFile adapter, LoraPair pair)
    {
        var target = GgufName.Printable(pair.Target);
        if (!shapes.TryGetValue(pair.Target, out var shape))
            throw Misfit(adapter, $"the adapter changes {target}, which {name} does not have");
        if (pair.Target == "token_embd.weight")
            throw new GgufException(adapter.Path, "the adapter changes token_embd.weight: embeddings are looked up, not multiplied", "Train it without the embedding layer, or merge it into the model.");
        if (shape.Length != 2)
            throw new GgufException(adapter.Path, $"the adapter changes {target}, which is not one matrix", "Train it on the attention matrices alone, or merge it into the model.");
        if (pair.Inputs != shape[0])
            throw Misfit(adapter, $"the tensor {target}.lora_a has {pair.Inputs} inputs, but the matrix in {name} has {shape[0]}");
        if (pair.Outputs != shape[1])
            throw Misfit(adapter, $"the tensor {target}.lora_b has {pair.Outputs} outputs, but the matrix in {name} has {shape[1]}");
    }

    private static GgufException Misfit(LoraFile adapter, string problem) => new(adapter.Path, problem, "Load it into the model that it was trained for.");
}
