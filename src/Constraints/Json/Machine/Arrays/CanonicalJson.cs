using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Penstock.Constraints.Json.Machine.Texts;

namespace Penstock.Constraints.Json.Machine.Arrays;

/// <summary>
/// One spelling for all spellings of a JSON value: properties in order of their names, numbers as the nearest 64-bit float (as most readers compare them),
/// strings with the fewest escapes, no white space.
/// </summary>
internal static class CanonicalJson
{
    private const int StepsOfAReading = 4;
    private const int BytesOfAStep = 8;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 100_000 };

    /// <param name="json">A valid value, blanks around it allowed.</param>
    public static byte[] Of(ReadOnlyMemory<byte> json)
    {
        WorkBudget.Charge(StepsOfAReading + (json.Length / BytesOfAStep));
        using var document = JsonDocument.Parse(json, Options);
        return Of(document.RootElement);
    }

    /// <summary>The canonical values of an object by name, or of an array by index.</summary>
    public static (bool IsObject, Dictionary<string, byte[]> Members) MembersOf(byte[] json)
    {
        using var document = JsonDocument.Parse(json, Options);
        var root = document.RootElement;
        var members = new Dictionary<string, byte[]>();
        if (root.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in root.EnumerateObject())
                members.Add(property.Name, Of(property.Value));

            return (true, members);
        }

        foreach (var item in root.EnumerateArray())
            members.Add(members.Count.ToString(CultureInfo.InvariantCulture), Of(item));

        return (false, members);
    }

    private static byte[] Of(JsonElement value)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, value);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(IBufferWriter<byte> output, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(output, value);
                break;
            case JsonValueKind.Array:
                WriteArray(output, value);
                break;
            case JsonValueKind.String:
                WriteText(output, System.Text.Encoding.UTF8.GetBytes(value.GetString()!));
                break;
            case JsonValueKind.Number:
                // Adding zero makes -0 the 0 that it equals.
                output.Write(System.Text.Encoding.ASCII.GetBytes((value.GetDouble() + 0.0).ToString("R", CultureInfo.InvariantCulture)));
                break;
            default:
                output.Write(System.Text.Encoding.ASCII.GetBytes(value.GetRawText()));
                break;
        }
    }

    private static void WriteArray(IBufferWriter<byte> output, JsonElement array)
    {
        var isFirst = true;
        output.Write("["u8);
        foreach (var item in array.EnumerateArray())
        {
            output.Write(isFirst ? ""u8 : ","u8);
            Write(output, item);
            isFirst = false;
        }

        output.Write("]"u8);
    }

    private static void WriteObject(IBufferWriter<byte> output, JsonElement value)
    {
        var isFirst = true;
        output.Write("{"u8);
        foreach (var property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            output.Write(isFirst ? ""u8 : ","u8);
            WriteText(output, System.Text.Encoding.UTF8.GetBytes(property.Name));
            output.Write(":"u8);
            Write(output, property.Value);
            isFirst = false;
        }

        output.Write("}"u8);
    }

    private static void WriteText(IBufferWriter<byte> output, byte[] decoded)
    {
        output.Write("\""u8);
        JsonText.Write(output, decoded);
        output.Write("\""u8);
    }
}
