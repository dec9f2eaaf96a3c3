using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary>
/// What a client says about why it calls: <c>x-penstock-run</c>, <c>-parent</c>, <c>-step</c>, <c>-task</c> (each at most 128
/// printable ASCII characters) and <c>-intent</c> (<c>user</c>, <c>speculative</c>, <c>background</c>, <c>eval</c>, <c>shadow</c>, <c>batch</c>).
/// </summary>
internal static class CallerHeaders
{
    private const int MaxLength = 128;

    public static ParsedRequest Apply(ParsedRequest parsed, IHeaderDictionary headers, WireFaults faults) =>
        parsed with { Request = Apply(parsed.Request, headers, faults) };

    public static InferenceRequest Apply(InferenceRequest request, IHeaderDictionary headers, WireFaults faults) => request with
    {
        RunId = Value(headers, "x-penstock-run", faults),
        ParentId = Value(headers, "x-penstock-parent", faults),
        Step = Value(headers, "x-penstock-step", faults),
        Task = Value(headers, "x-penstock-task", faults),
        Intent = Intent(headers, faults),
    };

    private static RequestIntent Intent(IHeaderDictionary headers, WireFaults faults)
    {
        const string name = "x-penstock-intent";
        if (Value(headers, name, faults) is not { } value)
        {
            return RequestIntent.User;
        }

        // A number would parse too, and mean something only to us.
        if (char.IsAsciiLetter(value[0]) && Enum.TryParse<RequestIntent>(value, ignoreCase: true, out var intent))
        {
            return intent;
        }

        faults.Invalid(name, $"The header {name} must be one of {string.Join(", ", Enum.GetNames<RequestIntent>()).ToLowerInvariant()}.");
        return RequestIntent.User;
    }

    private static string? Value(IHeaderDictionary headers, string name, WireFaults faults)
    {
        var value = headers[name].ToString();
        if (value.Length > MaxLength || value.Any(character => character is < ' ' or > '~'))
        {
            faults.Invalid(name, $"The header {name} must be at most {MaxLength} printable ASCII characters.");
            return null;
        }

        return value.Length == 0 ? null : value;
    }
}
