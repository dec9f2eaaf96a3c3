using System.CommandLine;
using System.CommandLine.Parsing;

namespace Penstock.Cli.Output;

/// <summary>What an option's value must be. A value that cannot be read at all is reported by the parser, not here.</summary>
internal static class OptionLimits
{
    /// <summary>Reports "<c>--name</c> must be <paramref name="allowed"/>" unless the value is.</summary>
    public static void Require<T>(this Option<T> option, Func<T, bool> holds, string allowed) => option.Validators.Add(result =>
    {
        if (TryRead(result, out T? value) && value is not null && !holds(value))
            result.AddError($"{option.Name} must be {allowed}.");
    });

    private static bool TryRead<T>(OptionResult result, out T? value)
    {
        try
        {
            value = result.GetValueOrDefault<T>();
            return true;
        }
        catch (InvalidOperationException)
        {
            value = default;
            return false;
        }
    }
}
