using System.Numerics;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Numbers;

/// <summary>
/// The beginning of a number. After the digits M a number may still become anything in [M, M+1) times any power of ten, by more digits and an
/// exponent; a beginning exists where the plan has a value in one of these intervals (see <see cref="NumberCompletion"/>).
/// </summary>
internal sealed class NumberState : Interned
{
    /// <summary>Digits of an exponent, leading zeros counted: enough for every 64-bit float.</summary>
    public const int MostExponentDigits = 4;

    /// <summary>Stands for digits that are not kept; a single 1 with zeros stands for itself.</summary>
    private const int OtherDigit = 3;

    private Transitions<NumberState>? known;
    private bool? canClose;
    private string? completion;

    public required NumberPlan Plan { get; init; }

    public NumberPhase Phase { get; init; }

    public bool IsNegative { get; init; }

    /// <summary>The digits without the point. Where the plan does not care, a number that stands for it.</summary>
    public BigInteger Mantissa { get; init; }

    /// <summary>How many digits there are, those after the point and leading zeros after it counted.</summary>
    public int Digits { get; init; }

    /// <summary>How many of them are after the point.</summary>
    public int FractionDigits { get; init; }

    public bool IsExponentNegative { get; init; }

    /// <summary>The exponent without its sign.</summary>
    public int Exponent { get; init; }

    public int ExponentDigits { get; init; }

    /// <summary>Whether the number may end here.</summary>
    public bool CanClose => canClose ??= IsWhole && ((!Plan.IsFree && !Plan.IsFreeInteger) || IsFiniteWith(IsExponentNegative ? -Exponent : Exponent)) && (Plan.IsFree || Plan.Contains(Value));

    /// <summary>The value as it stands.</summary>
    public ExactDecimal Value
    {
        get
        {
            var exponent = (IsExponentNegative ? -Exponent : Exponent) - FractionDigits;
            return new(IsNegative ? -Mantissa : Mantissa, exponent);
        }
    }

    /// <summary>A short text that completes the number.</summary>
    public string Completion => completion ??= CanClose ? "" : NumberCompletion.Find(this) ?? throw new InvalidOperationException("A number that exists has no ending.");

    private bool IsPowerOfTen => !(Mantissa % OtherDigit).IsZero;

    private bool IsWhole => Phase is NumberPhase.Zero or NumberPhase.Integer or NumberPhase.Fraction or NumberPhase.Exponent;

    public static NumberState Start(MachineContext context, NumberPlan plan) => context.Intern(new NumberState { Plan = plan });

    /// <summary>For plans without bounds, which do not keep the digits: whether the number is zero, stays below the largest float, 1.8e308, or is 1e308.</summary>
    public bool IsFiniteWith(int exponent) => Mantissa.IsZero || Digits - FractionDigits + exponent is var magnitude && (magnitude < 309 || (magnitude == 309 && IsPowerOfTen));

    public NumberState? Step(MachineContext context, byte value)
    {
        var memo = known;
        if (memo is null || memo.Generation != context.Store.Generation)
            known = memo = new(context.Store.Generation);

        if (!memo.TryGet(value, out var target))
        {
            target = Follow(value) is { } next && next.IsAlive() ? context.Intern(next) : null;
            memo.Add(value, target);
        }

        return target;
    }

    protected override bool IsSame(Interned other)
    {
        var state = (NumberState)other;
        return ReferenceEquals(Plan, state.Plan) && Phase == state.Phase && IsNegative == state.IsNegative && Digits == state.Digits
            && FractionDigits == state.FractionDigits && IsExponentNegative == state.IsExponentNegative && Exponent == state.Exponent
            && ExponentDigits == state.ExponentDigits && Mantissa == state.Mantissa;
    }

    protected override int Hash() => HashCode.Combine(Plan, Phase, IsNegative, Mantissa, Digits, FractionDigits, Exponent, ExponentDigits + (IsExponentNegative ? 16 : 0));

    private bool IsAlive()
    {
        // A point must be followed by a digit.
        if (Digits > Plan.MostDigits - (Phase == NumberPhase.Point ? 1 : 0) || ExponentDigits > MostExponentDigits)
            return false;

        return CanClose || (completion = NumberCompletion.Find(this)) is not null;
    }

    private NumberState? Follow(byte value) => value switch
    {
        (byte)'-' when Phase == NumberPhase.Start => With(NumberPhase.Sign, isNegative: true),
        (byte)'0' when Phase is NumberPhase.Start or NumberPhase.Sign => Digit(NumberPhase.Zero, 0),
        >= (byte)'1' and <= (byte)'9' when Phase is NumberPhase.Start or NumberPhase.Sign => Digit(NumberPhase.Integer, value - '0'),
        >= (byte)'0' and <= (byte)'9' when Phase is NumberPhase.Integer => Digit(NumberPhase.Integer, value - '0'),
        (byte)'.' when !Plan.Shape.IsPlain && Phase is NumberPhase.Zero or NumberPhase.Integer => With(NumberPhase.Point, IsNegative),
        >= (byte)'0' and <= (byte)'9' when Phase is NumberPhase.Point or NumberPhase.Fraction => Digit(NumberPhase.Fraction, value - '0'),
        (byte)'e' or (byte)'E' when !Plan.Shape.IsPlain && IsWhole && Phase != NumberPhase.Exponent => With(NumberPhase.ExponentMark, IsNegative),
        (byte)'+' or (byte)'-' when Phase == NumberPhase.ExponentMark => WithExponent(NumberPhase.ExponentSign, value == '-', 0, 0),
        >= (byte)'0' and <= (byte)'9' when Phase is NumberPhase.ExponentMark or NumberPhase.ExponentSign or NumberPhase.Exponent =>
            WithExponent(NumberPhase.Exponent, IsExponentNegative, (Exponent * 10) + value - '0', ExponentDigits + 1),
        _ => null,
    };

    private NumberState Digit(NumberPhase phase, int digit)
    {
        // Where only the length counts, or only the zeros at the end, one number stands for all: what is shared is a state and its mask.
        var mantissa = (Plan.IsFree || Plan.IsFreeInteger) && digit != 0 ? (digit == 1 && Digits == 0 ? 1 : OtherDigit)
            : Plan.IsFree && Digits > 0 ? Mantissa
            : (Mantissa * 10) + digit;
        return new()
        {
            Plan = Plan,
            Phase = phase,
            IsNegative = IsNegative && !Plan.IsFree && !Plan.IsFreeInteger,
            Mantissa = mantissa,
            Digits = Digits + 1,
            FractionDigits = phase == NumberPhase.Fraction ? FractionDigits + 1 : 0,
        };
    }

    private NumberState With(NumberPhase phase, bool isNegative) => new()
    {
        Plan = Plan,
        Phase = phase,
        IsNegative = isNegative,
        Mantissa = Mantissa,
        Digits = Digits,
        FractionDigits = FractionDigits,
    };

    private NumberState WithExponent(NumberPhase phase, bool isNegative, int exponent, int digits) => new()
    {
        Plan = Plan,
        Phase = phase,
        IsNegative = IsNegative,
        Mantissa = Mantissa,
        Digits = Digits,
        FractionDigits = FractionDigits,
        IsExponentNegative = isNegative,
        Exponent = exponent,
        ExponentDigits = digits,
    };
}
