using System.Globalization;
using System.Numerics;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Numbers;

/// <summary>
/// Finds an ending of a number that has begun: a value of its plan in one of the intervals that its digits can reach, and the text that is missing
/// to it. Plain digits are tried before exponents.
/// </summary>
internal static class NumberCompletion
{
    /// <summary>Zeros that are written out before an exponent is taken instead.</summary>
    private const int MostPlainDigits = 20;

    /// <summary>The missing text, or null where the plan has no value that begins so.</summary>
    public static string? Find(NumberState state) => state.Phase switch
    {
        NumberPhase.ExponentMark or NumberPhase.ExponentSign or NumberPhase.Exponent => FindExponent(state),
        NumberPhase.Start => Start(state),
        NumberPhase.Sign => state.Plan.Pick(isNegative: true) is { } negative ? Magnitude(state, negative) : null,
        _ when state.Plan.IsFree => "0",
        _ when state.Mantissa.IsZero => AfterZeros(state),
        _ => AfterDigits(state),
    };

    private static string? Start(NumberState state) =>
        state.Plan.Pick(isNegative: false) is { } positive ? Magnitude(state, positive)
        : state.Plan.Pick(isNegative: true) is { } negative ? "-" + Magnitude(state, negative)
        : null;

    private static string Magnitude(NumberState state, ExactDecimal value) => state.Plan.Shape.IsPlain
        ? BigInteger.Abs(value.At(0)).ToString(CultureInfo.InvariantCulture)
        : new ExactDecimal(BigInteger.Abs(value.Mantissa), value.Exponent).ToString();

    /// <summary>After 0, 0. or 0.00: every value of the sign is in reach.</summary>
    private static string? AfterZeros(NumberState state)
    {
        if (state.Plan.Pick(state.IsNegative) is not { } value)
            return null;

        var digits = BigInteger.Abs(value.Mantissa).ToString(CultureInfo.InvariantCulture);
        if (value.Sign == 0)
            return state.Phase == NumberPhase.Point ? "0" : "";

        return Fits(state, digits.Length) && !state.Plan.Shape.IsPlain
            ? WithExponent((state.Phase == NumberPhase.Zero ? "." : "") + digits, value.Exponent + state.FractionDigits + digits.Length)
            : null;
    }

    private static string? AfterDigits(NumberState state)
    {
        var digits = PowersOfTen.Digits(state.Mantissa);
        var plain = -state.FractionDigits;
        if (state.Plan.Shape.Values is { } values)
        {
            foreach (var value in values)
            {
                if (value.Sign == (state.IsNegative ? -1 : 1) && Reach(state, PowersOfTen.Magnitude(value) - digits) is { } text)
                    return text;
            }

            return null;
        }

        var (least, most) = Scales(state, digits);
        for (var scale = plain; scale <= most; scale++)
        {
            if (scale >= least && Reach(state, scale) is { } text)
                return text;
        }

        for (var scale = Math.Min(plain - 1, most); scale >= least; scale--)
        {
            if (Reach(state, scale) is { } text)
                return text;
        }

        return null;
    }

    /// <summary>The powers of ten by which the digits can come to lie between the bounds and on the grid; beyond them nothing new is found.</summary>
    private static (int Least, int Most) Scales(NumberState state, int digits)
    {
        var (near, far) = state.Plan.Magnitudes(state.IsNegative);
        var most = far - digits;

        // Where values come as close to zero as one likes, one power is as good as the next.
        return (near > NumberPlan.LeastMagnitude ? near - digits - 1 : Math.Min(most, -state.FractionDigits) - 4, most);
    }

    /// <summary>The text that leads into the interval [M, M+1) times a power of ten, or null where the plan has no value in it.</summary>
    private static string? Reach(NumberState state, int scale)
    {
        var low = new ExactDecimal(state.Mantissa, scale);
        var high = new ExactDecimal(state.Mantissa + 1, scale);
        var found = state.IsNegative
            ? state.Plan.Pick(PowersOfTen.Negate(high), false, PowersOfTen.Negate(low), true)
            : state.Plan.Pick(low, true, high, false);
        if (found is not { } value)
            return null;

        if (state.Plan.Shape.IsPlain && (scale < 0 || !value.IsInteger))
            return null;

        // What is missing to the value, as digits right behind those that are there.
        var rest = PowersOfTen.Add(new(BigInteger.Abs(value.Mantissa), value.Exponent), new(-state.Mantissa, scale));
        var missing = rest.Sign == 0 ? "" : rest.Mantissa.ToString(CultureInfo.InvariantCulture).PadLeft(scale - rest.Exponent, '0');
        if (!Fits(state, Math.Max(missing.Length, state.Phase == NumberPhase.Integer && (scale <= MostPlainDigits || state.Plan.Shape.IsPlain) ? scale : 0)))
            return null;

        if (state.Phase != NumberPhase.Integer)
            return WithExponent(missing.Length == 0 && state.Phase == NumberPhase.Point ? "0" : missing, scale + state.FractionDigits);

        if (scale >= 0 && (scale <= MostPlainDigits || state.Plan.Shape.IsPlain))
        {
            missing = missing.PadRight(scale, '0');
            return missing.Length == scale ? missing : $"{missing[..scale]}.{missing[scale..]}";
        }

        return WithExponent(missing.Length == 0 ? "" : "." + missing, scale);
    }

    private static string? FindExponent(NumberState state)
    {
        if (state.Plan.IsFree)
            return state.ExponentDigits == 0 ? "0" : null;

        if (state.Mantissa.IsZero)
            return !state.Plan.Contains(ExactDecimal.Zero) ? null : state.ExponentDigits == 0 ? "0" : "";

        // The exponents that put the first digit where the plan has values, smallest first.
        var first = PowersOfTen.Digits(state.Mantissa) - state.FractionDigits;
        var (least, most) = state.Plan.Magnitudes(state.IsNegative);
        (least, most) = (least - first, most - first);
        var smallest = least > 0 ? least : most < 0 ? -most : 0;
        for (var size = smallest; size <= Math.Max(Math.Abs(least), Math.Abs(most)); size++)
        {
            if (TypedSoFar(state, size) is not { } rest)
                continue;

            foreach (var isNegative in (ReadOnlySpan<bool>)(state.Phase == NumberPhase.ExponentMark ? [false, true] : [state.IsExponentNegative]))
            {
                var exponent = isNegative ? -size : size;
                if (exponent >= least && exponent <= most && IsInPlan(state, exponent))
                    return (isNegative && state.Phase == NumberPhase.ExponentMark ? "-" : "") + rest;
            }
        }

        return null;
    }

    /// <summary>The digits that are missing to an exponent, or null where the digits so far do not lead to it.</summary>
    private static string? TypedSoFar(NumberState state, int size)
    {
        if (state.ExponentDigits == 0)
            return size.ToString(CultureInfo.InvariantCulture);

        var unit = 1;
        for (var more = 0; state.ExponentDigits + more <= NumberState.MostExponentDigits; more++, unit *= 10)
        {
            if (size / unit == state.Exponent)
                return more == 0 ? "" : (size % unit).ToString(CultureInfo.InvariantCulture).PadLeft(more, '0');
        }

        return null;
    }

    private static bool IsInPlan(NumberState state, int exponent) =>
        (!state.Plan.IsFreeInteger || state.IsFiniteWith(exponent))
        && state.Plan.Contains(new(state.IsNegative ? -state.Mantissa : state.Mantissa, exponent - state.FractionDigits));

    private static bool Fits(NumberState state, int more) => state.Digits + more <= state.Plan.MostDigits;

    private static string WithExponent(string digits, int exponent) => exponent == 0 ? digits : $"{digits}e{exponent.ToString(CultureInfo.InvariantCulture)}";
}
