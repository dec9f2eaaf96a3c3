namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// A vector of floats of one width, so that a kernel is written once for all widths. Operations are those of each lane alone;
/// a wider vector computes more lanes beside each other and changes no bit of any.
/// </summary>
/// <typeparam name="TVector"><c>Vector256&lt;float&gt;</c> or <c>Vector512&lt;float&gt;</c>.</typeparam>
internal unsafe interface ILanes<TVector>
    where TVector : struct
{
    /// <summary>Lanes, a divisor of 16.</summary>
    static abstract int Count { get; }

    /// <summary>0, 1, 2 and so on.</summary>
    static abstract TVector Indices { get; }

    static abstract TVector Create(float value);

    static abstract TVector Load(float* source);

    /// <summary>Halves of any value, infinities and NaN included.</summary>
    static abstract TVector LoadHalves(ushort* source);

    /// <summary>Halves that are finite.</summary>
    static abstract TVector LoadFiniteHalves(ushort* source);

    /// <summary>Signed bytes.</summary>
    static abstract TVector LoadBytes(sbyte* source);

    static abstract void Store(TVector vector, float* target);

    /// <summary><c>a·b + c</c>, rounded once.</summary>
    static abstract TVector Fma(TVector a, TVector b, TVector c);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>The larger; either, where one is NaN.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <inheritdoc cref="Max"/>
    static abstract TVector Min(TVector a, TVector b);

    /// <summary>To the nearest whole number, ties to even.</summary>
    static abstract TVector Round(TVector a);

    /// <summary>2^n of whole n from -126 to 127.</summary>
    static abstract TVector PowerOfTwo(TVector n);

    /// <summary><paramref name="ifLess"/> where a &lt; b, else <paramref name="otherwise"/>.</summary>
    static abstract TVector WhereLess(TVector a, TVector b, TVector ifLess, TVector otherwise);

    /// <summary><paramref name="ifNumber"/> where x is a number, else x.</summary>
    static abstract TVector UnlessNaN(TVector x, TVector ifNumber);

    /// <summary>The largest lane.</summary>
    static abstract float Largest(TVector a);
}
