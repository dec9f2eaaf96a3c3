using System.Text.Json;
using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>The keywords of one schema, checked as they are taken, with a note of what became of each.</summary>
internal sealed class KeywordSet
{
    private readonly Dictionary<string, JsonElement> members = [];
    private readonly HashSet<string> taken = [];
    private readonly UseRecorder uses;

    public KeywordSet(SchemaPlace place, UseRecorder uses)
    {
        Place = place;
        this.uses = uses;
        foreach (var member in place.Element.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }
    }

    public SchemaPlace Place { get; }

    public bool Has(string keyword) => members.ContainsKey(keyword);

    /// <summary>A keyword's value, without taking it.</summary>
    public JsonElement? Peek(string keyword) => members.TryGetValue(keyword, out var value) ? value : null;

    /// <summary>A keyword's value, or null where it is not there.</summary>
    public JsonElement? Take(string keyword, KeywordTreatment treatment = KeywordTreatment.Enforced)
    {
        if (!members.TryGetValue(keyword, out var value))
        {
            return null;
        }

        if (taken.Add(keyword))
        {
            this.uses.Add(Place, keyword, treatment);
        }

        return value;
    }

    public string? Text(string keyword) => Take(keyword) is { } value
        ? value.ValueKind == JsonValueKind.String ? value.GetString() : throw Refuse(keyword, "The value must be a string.")
        : null;

    public JsonElement? Array(string keyword) => Take(keyword) is { } value
        ? value.ValueKind == JsonValueKind.Array ? value : throw Refuse(keyword, "The value must be an array.")
        : null;

    /// <summary>The members of an object; none where the keyword is not there.</summary>
    public IEnumerable<JsonProperty> Members(string keyword) => Take(keyword) is { } value
        ? value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : throw Refuse(keyword, "The value must be an object.")
        : [];

    public IReadOnlyList<string>? Texts(string keyword) => Take(keyword) is { } value
        ? (value.ValueKind == JsonValueKind.Array ? TextsOf(value) : null) ?? throw Refuse(keyword, "The value must be an array of strings.")
        : null;

    /// <summary>A boolean; null where the keyword is not there or something else.</summary>
    public bool? Flag(string keyword) => Peek(keyword) is { ValueKind: JsonValueKind.True or JsonValueKind.False }
        ? Take(keyword)!.Value.ValueKind == JsonValueKind.True
        : null;

    public ExactDecimal? Number(string keyword)
    {
        if (Take(keyword) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            throw Refuse(keyword, "The value must be a number.");
        }

        return ExactDecimal.TryParse(value.GetRawText(), out var number)
            ? number
            : throw Refuse(keyword, $"The number has more than {ExactDecimal.LargestExponent} digits or an exponent beyond that.");
    }

    /// <summary>A count; one too large to be reached is <see cref="int.MaxValue"/>.</summary>
    public int? Count(string keyword)
    {
        if (Number(keyword) is not { } number)
        {
            return null;
        }

        return number.IsInteger && number.Sign >= 0
            ? number >= int.MaxValue ? int.MaxValue : (int)number.At(0)
            : throw Refuse(keyword, "The value must be an integer that is not negative.");
    }

    /// <summary>A list of strings, or one alone; null where something else is in it.</summary>
    public static IReadOnlyList<string>? TextsOf(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return [value.GetString()!];
        }

        var texts = value.EnumerateArray().Select(one => one.ValueKind == JsonValueKind.String ? one.GetString() : null).ToArray();
        return texts.Contains(null) ? null : [.. texts.Distinct()!];
    }

    /// <summary>The refusal of a keyword.</summary>
    public SchemaRefusedException Refuse(string keyword, string reason)
    {
        this.uses.Add(Place, keyword, KeywordTreatment.Refused, reason);
        return new(reason, Place.At(keyword));
    }

    /// <summary>Notes the keywords that nothing was done with.</summary>
    public void ReportRest(bool isReferenceAlone)
    {
        foreach (var keyword in members.Keys.Where(keyword => !taken.Contains(keyword)))
        {
            var note = isReferenceAlone && keyword is not ("definitions" or "$defs" or "$schema" or "$id" or "id")
                ? "Up to draft-07, $ref replaces the keywords beside it."
                : keyword == "format" ? "This format is not known." : null;
            this.uses.Add(Place, keyword, KeywordTreatment.Annotation, note);
        }
    }
}
