using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary>
/// What a client says about why it calls: <c>penstock-run</c>, <c>-parent</c>, <c>-step</c>, <c>-task</c> (each at most 128
/// printable ASCII characters) and <c>-intent</c> (<c>user</c>, <c>speculative</c>, <c>background</c>, <c>eval</c>, <c>shadow</c>, <c>batch</c>);
/// the same with <c>x-</c> in front, or as members <c>penstock.run</c> and so on of W3C baggage, which agents' frameworks pass on by themselves.
/// A header wins over the baggage.
/// </summary>
internal static class CallerHeaders
{
    private const int MaxLength = 128;

    public static ParsedRequest Apply(ParsedRequest parsed, IHeaderDictionary headers, WireFaults faults) =>
        parsed with { Request = Apply(parsed.Request, headers, faults) };

    public static InferenceRequest Apply(InferenceRequest request, IHeaderDictionary headers, WireFaults faults) => request with
    {
        RunId = Value(headers, "run", faults),
        ParentId = Value(headers, "parent", faults),
        Step = Value(headers, "step", faults),
        Task = Value(headers, "task", faults),
        Intent = Intent(headers, faults),
    };

    private static RequestIntent Intent(IHeaderDictionary headers, WireFaults faults)
    {
        if (Value(headers, "intent", faults) is not { } value)
        {
            return RequestIntent.User;
        }

        // A number would parse too, and mean something only to us.
        if (char.IsAsciiLetter(value[0]) && Enum.TryParse<RequestIntent>(value, ignoreCase: true, out var intent))
        {
            return intent;
        }

        faults.Invalid("penstock-intent", $"The header penstock-intent must be one of {string.Join(", ", Enum.GetNames<RequestIntent>()).ToLowerInvariant()}.");
        return RequestIntent.User;
    }

    private static string? Value(IHeaderDictionary headers, string name, WireFaults faults)
    {
        var value = Given(headers, name);
        if (value.Length > MaxLength || value.Any(character => character is < ' ' or > '~'))
        {
            faults.Invalid($"penstock-{name}", $"The header penstock-{name} must be at most {MaxLength} printable ASCII characters.");
            return null;
        }

        return value.Length == 0 ? null : value;
    }

    private static string Given(IHeaderDictionary headers, string name)
    {
        var plain = headers[$"penstock-{name}"].ToString();
        var value = plain.Length > 0 ? plain : headers[$"x-penstock-{name}"].ToString();
        return value.Length == 0 && headers.TryGetValue("baggage", out var baggage) ? Baggage.Find(baggage.ToString(), $"penstock.{name}") ?? "" : value;
    }
}
