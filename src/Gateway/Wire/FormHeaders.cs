using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary>The headers that belong to a wire form: which trial features of its API a body uses. Only these go over to a provider, and only with the body as it is.</summary>
internal static class FormHeaders
{
    private const int MaxLength = 1024;

    public static ParsedRequest Apply(ParsedRequest parsed, IHeaderDictionary headers, WireFaults faults)
    {
        if (parsed.Request.Wire is not { } wire)
        {
            return parsed;
        }

        var name = wire.Form == WireForm.Messages ? "anthropic-beta" : "openai-beta";
        var value = headers[name].ToString();
        if (value.Length > MaxLength || value.Any(character => character is < ' ' or > '~'))
        {
            faults.Invalid(name, $"The header {name} must be at most {MaxLength} printable ASCII characters.");
            return parsed;
        }

        return value.Length == 0 ? parsed : parsed with { Request = parsed.Request with { Wire = wire with { Headers = [new(name, value)] } } };
    }
}
