using Penstock.Models.Gguf;

namespace Penstock.Models.Description;

/// <summary>What can be said of a model of any architecture, known to Penstock or not. Immutable.</summary>
/// <param name="Architecture"><c>general.architecture</c>.</param>
/// <param name="Name"><c>general.name</c>, or the file's name without its ending.</param>
/// <param name="ParameterCount">Values in all tensors.</param>
/// <param name="ContextLength">Most tokens that it was made for, or null where the file does not say.</param>
/// <param name="ChatTemplate">The Jinja source in <c>tokenizer.chat_template</c>, or null.</param>
public sealed record ModelIdentity(string Architecture, string Name, long ParameterCount, int? ContextLength, string? ChatTemplate)
{
    /// <exception cref="GgufException">The file does not name its architecture, or is no whole model.</exception>
    public static ModelIdentity From(GgufFile file)
    {
        var metadata = file.Metadata;
        var architecture = metadata.String("general.architecture");
        var type = metadata.StringOrDefault("general.type", "model");
        if (type != "model")
            throw new GgufException(file.Path, $"the metadata key general.type is \"{GgufName.Printable(type!)}\": not a whole model", "Give the model itself.");

        var context = metadata.UInt32OrDefault($"{architecture}.context_length", 0);
        return new(
            architecture,
            metadata.StringOrDefault("general.name") ?? Path.GetFileNameWithoutExtension(file.Path),
            file.Tensors.Sum(tensor => tensor.ElementCount),
            context is > 0 and <= int.MaxValue ? (int)context : null,
            metadata.StringOrDefault("tokenizer.chat_template"));
    }
}
