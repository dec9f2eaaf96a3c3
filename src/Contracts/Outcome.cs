using System.Diagnostics.CodeAnalysis;
using Penstock.Contracts.Errors;

namespace Penstock.Contracts;

/// <summary>A value, or the expected reason why there is none.</summary>
public readonly struct Outcome<T>
    where T : class
{
    internal Outcome(T? value, PenstockError? error) => (Value, Error) = (value, error);

    /// <summary>The value, when <see cref="Error"/> is null.</summary>
    public T? Value { get; }

    /// <summary>The reason, when <see cref="Value"/> is null.</summary>
    public PenstockError? Error { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Ok => Error is null;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(PenstockError error) => new(null, error);

    /// <summary>The value, or the error as an exception, for edges where only exceptions travel.</summary>
    public T OrThrow() => Ok ? Value : throw new PenstockException(Error);
}

/// <summary>Makes outcomes where the language has no implicit conversion: from interfaces.</summary>
public static class Outcome
{
    public static Outcome<T> Of<T>(T value)
        where T : class => new(value, null);
}
