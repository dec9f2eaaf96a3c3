using Penstock.Constraints.Json.Shapes;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>A JSON schema that can be enforced. Its terms and texts grow memos while they are read, so it belongs to one thread at a time.</summary>
public sealed class CompiledSchema
{
    internal CompiledSchema(SchemaTerm root, LanguagePool texts, KeywordReport report)
    {
        Root = root;
        Texts = texts;
        Report = report;
    }

    /// <summary>What the whole document must be. Satisfiable.</summary>
    public SchemaTerm Root { get; }

    /// <summary>The pool of every language of the schema.</summary>
    public LanguagePool Texts { get; }

    /// <summary>What became of each keyword.</summary>
    public KeywordReport Report { get; }
}
