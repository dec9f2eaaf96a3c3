using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace Penstock.Gateway.Configuration;

/// <summary>JSON that is read by the same strict readers as <c>penstock.yaml</c>, so that a field means the same in both. A null is a field that is not there.</summary>
internal static class JsonDocuments
{
    /// <param name="json">A JSON text.</param>
    /// <param name="path">How faults name it.</param>
    /// <param name="faults">Where they are noted.</param>
    public static YamlNodeReader Read(string json, string path, List<OptionFault> faults)
    {
        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement, path, faults);
    }

    public static YamlNodeReader Read(JsonElement json, string path, List<OptionFault> faults) => new(Node(json), path, faults);

    private static YamlNode Node(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => new YamlMappingNode(json.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null).DistinctBy(field => field.Name)
            .Select(field => KeyValuePair.Create<YamlNode, YamlNode>(new YamlScalarNode(field.Name), Node(field.Value)))),
        JsonValueKind.Array => new YamlSequenceNode(json.EnumerateArray().Select(Node)),
        JsonValueKind.String => new YamlScalarNode(json.GetString()),
        JsonValueKind.True => new YamlScalarNode("true"),
        JsonValueKind.False => new YamlScalarNode("false"),
        _ => new YamlScalarNode(json.GetRawText()),
    };
}
