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

    // Asked for with every request, so that their names are put together once.
    private static readonly Field Run = new("run");
    private static readonly Field Parent = new("parent");
    private static readonly Field StepOf = new("step");
    private static readonly Field TaskOf = new("task");
    private static readonly Field IntentOf = new("intent");

    public static ParsedRequest Apply(ParsedRequest parsed, IHeaderDictionary headers, WireFaults faults) =>
        FormHeaders.Apply(parsed with { Request = Apply(parsed.Request, headers, faults) }, headers, faults);

    public static InferenceRequest Apply(InferenceRequest request, IHeaderDictionary headers, WireFaults faults) => request with
    {
        RunId = Value(headers, Run, faults),
        ParentId = Value(headers, Parent, faults),
        Step = Value(headers, StepOf, faults),
        Task = Value(headers, TaskOf, faults),
        Intent = Intent(headers, faults),
    };

    private static RequestIntent Intent(IHeaderDictionary headers, WireFaults faults)
    {
        if (Value(headers, IntentOf, faults) is not { } value)
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

    private static string? Value(IHeaderDictionary headers, Field field, WireFaults faults)
    {
        var value = Given(headers, field);
        if (value.Length > MaxLength || value.Any(character => character is < ' ' or > '~'))
        {
            faults.Invalid(field.Header, $"The header {field.Header} must be at most {MaxLength} printable ASCII characters.");
            return null;
        }

        return value.Length == 0 ? null : value;
    }

    private static string Given(IHeaderDictionary headers, Field field)
    {
        var plain = headers[field.Header].ToString();
        var value = plain.Length > 0 ? plain : headers[field.Prefixed].ToString();
        return value.Length == 0 && headers.TryGetValue("baggage", out var baggage) ? Baggage.Find(baggage.ToString(), field.Member) ?? "" : value;
    }

    private sealed class Field(string name)
    {
        public string Header { get; } = $"penstock-{name}";

        public string Prefixed { get; } = $"x-penstock-{name}";

        public string Member { get; } = $"penstock.{name}";
    }
}
