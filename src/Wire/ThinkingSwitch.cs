using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Wire;

/// <summary>The one template argument that other forms have a word for: whether the model thinks.</summary>
public static class ThinkingSwitch
{
    private const string Name = "enable_thinking";

    /// <summary>On, off, or null where the request does not say.</summary>
    public static bool? Of(InferenceRequest request) =>
        request.TemplateArguments is { ValueKind: JsonValueKind.Object } arguments && arguments.TryGetProperty(Name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : null;

    /// <summary>Whether the request says more to the template than that.</summary>
    public static bool HasOthers(InferenceRequest request) =>
        request.TemplateArguments is { ValueKind: JsonValueKind.Object } arguments && arguments.EnumerateObject().Any(argument => argument.Name != Name);
}
