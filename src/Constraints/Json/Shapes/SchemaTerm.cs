using System.Buffers;
using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Normalizing;

namespace Penstock.Constraints.Json.Shapes;

/// <summary>
/// What a JSON value must be: a conjunction of conditions, worked out into <see cref="Shapes"/> when they are asked for. Terms of the same conditions
/// are the same object.
/// </summary>
/// <remarks>Grows memos while it is read, so it belongs to one thread at a time, together with every term of its <see cref="Schemas.CompiledSchema"/>.</remarks>
public sealed class SchemaTerm
{
    private readonly TermPool pool;
    private IReadOnlyList<ValueShape>? candidates;
    private IReadOnlyList<ValueShape>? shapes;
    private SchemaTerm? complement;

    internal SchemaTerm(TermPool pool, int id, Formula[] conditions)
    {
        this.pool = pool;
        Id = id;
        Conditions = conditions;
    }

    /// <summary>Tells terms of one compiled schema apart, in the order in which they were first met.</summary>
    public int Id { get; }

    /// <summary>Whether every value is of the term.</summary>
    public bool IsAny => Conditions.Length == 0;

    /// <summary>The alternatives, any of which a value may be of. Each has a value; they may overlap.</summary>
    /// <exception cref="ConstraintLimitException">Working them out passes a bound. Does not happen for terms that were reached while compiling.</exception>
    public IReadOnlyList<ValueShape> Shapes => shapes ??= this.pool.Shortest.Satisfiable(this);

    /// <summary>Whether there is a value at all.</summary>
    public bool IsSatisfiable => this.pool.Shortest.LengthOf(this) is not null;

    /// <summary>Bytes of the value that <see cref="WriteShortest"/> writes.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public int ShortestLength => this.pool.Shortest.LengthOf(this) ?? throw new InvalidOperationException("An unsatisfiable term has no value.");

    internal Formula[] Conditions { get; }

    /// <summary>Where the first of its schemas stands, as errors point to it; null where none of its conditions is a schema.</summary>
    internal string? Place => Conditions.OfType<LazyFormula>().Select(schema => schema.Place).FirstOrDefault(place => place is not null);

    /// <summary>That of <see cref="Id"/>: terms are the keys of many tables, and equal ones are one object.</summary>
    public override int GetHashCode() => Id;

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <summary>The alternatives before those without a value are taken out.</summary>
    internal IReadOnlyList<ValueShape> Candidates => candidates ??= this.pool.Normalize(this);

    /// <summary>Writes a short value of the term, without white space.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public void WriteShortest(IBufferWriter<byte> output) => this.pool.Shortest.Write(this, output);

    /// <summary>The values that are of both terms.</summary>
    public SchemaTerm And(SchemaTerm other) => this.pool.And(this, other);

    /// <summary>The values that are not of this term.</summary>
    public SchemaTerm Not() => complement ??= this.pool.Not(this);
}
