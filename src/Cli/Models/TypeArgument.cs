using System.CommandLine.Parsing;
using Penstock.Models.Gguf;

namespace Penstock.Cli.Models;

/// <summary>Parses the name of a tensor type and says which ones there are.</summary>
internal static class TypeArgument
{
    public static Func<ArgumentResult, TensorType> OneOf(IReadOnlyList<TensorType> allowed) => result =>
    {
        var given = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (TensorTypes.TryParse(given, out var type) && allowed.Contains(type))
            return type;
        result.AddError($"The type \"{given}\" cannot be made. Give one of {string.Join(", ", allowed)}.");
        return default;
    };
}
