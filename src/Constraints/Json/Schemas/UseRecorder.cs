namespace Penstock.Constraints.Json.Schemas;

/// <summary>Notes what becomes of keywords while a schema is read.</summary>
internal sealed class UseRecorder
{
    private readonly List<KeywordUse> _uses = [];
    private readonly HashSet<string> _seen = [];

    public KeywordReport Report => new(_uses);

    public void Add(SchemaPlace place, string keyword, KeywordTreatment treatment, string? note = null)
    {
        var pointer = place.At(SchemaPlace.Token(keyword)[1..]);
        if (_seen.Add(pointer))
        {
            _uses.Add(new(pointer, keyword, treatment, note));
        }
    }
}
