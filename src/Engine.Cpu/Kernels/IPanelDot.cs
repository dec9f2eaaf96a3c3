namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// The instruction sequence in which kernel paths differ: exact integer sums of byte products, a lane for each weight row of a panel. Integers have no
/// order, so paths that differ here agree to the last bit everywhere.
/// </summary>
/// <typeparam name="TBytes">Four columns of a panel.</typeparam>
/// <typeparam name="TSums">Sums in the making.</typeparam>
/// <typeparam name="TLanes">Sums as floats.</typeparam>
internal unsafe interface IPanelDot<TBytes, TSums, TLanes>
{
    /// <summary>Input rows that a tile may take at once before its sums no longer fit the registers: 4 or 8.</summary>
    static abstract int MostRows { get; }

    /// <summary>Sums that begin with <paramref name="start"/>.</summary>
    static abstract TSums Begin(int start);

    /// <summary>Adds <c>Σ weights[4·row + i]·activations[i]</c> to each row's sum.</summary>
    /// <param name="weights">Of 16 rows and 4 columns.</param>
    /// <param name="activations">Four, in -127..127.</param>
    /// <param name="second">Whether this is the second of two calls that belong together: a constant at the place of the call.</param>
    static abstract void Add(ref TSums sums, TBytes weights, sbyte* activations, bool second);

    static abstract TLanes End(in TSums sums);
}
