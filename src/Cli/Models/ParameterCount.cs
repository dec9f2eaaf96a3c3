using System.CommandLine.Parsing;
using System.Globalization;

namespace Penstock.Cli.Models;

/// <summary>Parses a number of parameters: <c>250M</c>, <c>1.5B</c>, <c>7000000</c>.</summary>
internal static class ParameterCount
{
    public static long Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        var unit = text.Length == 0 ? 1 : char.ToUpperInvariant(text[^1]) switch { 'K' => 1e3, 'M' => 1e6, 'B' => 1e9, _ => 1 };
        var number = unit == 1 ? text : text[..^1];
        if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * unit is >= 500_000 and <= 1e12)
            return (long)(value * unit);
        result.AddError($"\"{text}\" is not a number of parameters. Give one from 500K to 1000B, such as 250M.");
        return 0;
    }
}
