namespace Penstock.Constraints.Json.Schemas;

/// <summary>Notes what becomes of keywords while a schema is read.</summary>
internal sealed class UseRecorder
{
    private readonly List<KeywordUse> uses = [];
    private readonly HashSet<string> seen = [];

    public KeywordReport Report => new(uses);

    public void Add(SchemaPlace place, string keyword, KeywordTreatment treatment, string? note = null)
    {
        var pointer = place.At(SchemaPlace.Token(keyword)[1..]);
        if (seen.Add(pointer))
        {
            uses.Add(new(pointer, keyword, treatment, note));
        }
    }
}
