namespace Penstock.Constraints.Json.Schemas;

/// <summary>Tells dialects by their metaschema's URI.</summary>
internal static class Dialects
{
    /// <summary>The dialect that <c>$schema</c> names; the given one where it names a metaschema that is not one of the drafts.</summary>
    public static Dialect Of(string schemaUri, Dialect otherwise)
    {
        if (schemaUri.Contains("json-schema.org/", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var (mark, dialect) in new[]
            {
                ("draft-03", Dialect.Draft04), ("draft-04", Dialect.Draft04), ("draft-05", Dialect.Draft04), ("draft-06", Dialect.Draft06),
                ("draft-07", Dialect.Draft07), ("2019-09", Dialect.Draft201909), ("2020-12", Dialect.Draft202012),
            })
            {
                if (schemaUri.Contains(mark, StringComparison.OrdinalIgnoreCase))
                {
                    return dialect;
                }
            }
        }

        return otherwise;
    }
}
