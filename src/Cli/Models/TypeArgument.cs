using System.CommandLine.Parsing;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Cli.Models;

/// <summary>Parses the name of a tensor type or a mix and says which ones there are.</summary>
internal static class TypeArgument
{
    /// <summary>A mix by its name.</summary>
    public static QuantizationMix Mix(ArgumentResult result)
    {
        var given = Given(result);
        if (QuantizationMixes.TryParse(given, out var mix))
            return mix;
        result.AddError(Refusal(given, QuantizationMixes.All.Select(known => known.ToString())));
        return default;
    }

    /// <summary>One type for all matrices, or a mix where the name is that of a mix only.</summary>
    public static (TensorType Type, QuantizationMix? Mix) TypeOrMix(ArgumentResult result)
    {
        var given = Given(result);
        if (TensorTypes.TryParse(given, out var type) && TensorCodec.Supports(type))
            return (type, null);
        if (QuantizationMixes.TryParse(given, out var mix))
            return (mix.BaseType(), mix);
        result.AddError(Refusal(given, TypesAndMixes));
        return default;
    }

    /// <summary>What <see cref="TypeOrMix"/> takes.</summary>
    public static IReadOnlyList<string> TypesAndMixes { get; } =
        [.. TensorCodec.Types.Select(type => type.Name()).Concat(QuantizationMixes.All.Select(mix => mix.ToString())).Distinct(StringComparer.Ordinal)];

    private static string Given(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[0].Value : "";

    private static string Refusal(string given, IEnumerable<string> allowed) =>
        $"The type \"{given}\" cannot be made. Give one of {string.Join(", ", allowed)}.";
}
