using Penstock.Contracts.Generation;

namespace Penstock.Engine.Constraining;

/// <summary>The probability mass that masks removed. Belongs to one thread.</summary>
internal struct ResistanceTally
{
    private double sum;
    private double largest;

    public long Tokens { get; private set; }

    public readonly double Sum => sum;

    public void Add(double removed)
    {
        Tokens++;
        sum += removed;
        largest = Math.Max(largest, removed);
    }

    public void Add(in ResistanceTally other)
    {
        Tokens += other.Tokens;
        sum += other.sum;
        largest = Math.Max(largest, other.largest);
    }

    /// <summary>The figures; null where no mask was laid.</summary>
    public readonly ConstraintResistance? Total() => Tokens == 0 ? null : new ConstraintResistance((int)Tokens, sum / Tokens, largest);
}
