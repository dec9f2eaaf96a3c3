namespace Penstock.Models.Answers;

/// <summary>What was read after an opening marker.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Length">Bytes of the call, closing marker included.</param>
/// <param name="Calls">The calls of a whole one.</param>
internal readonly record struct CallReading(CallState State, int Length, IReadOnlyList<WrittenCall> Calls)
{
    public static CallReading NoCall { get; } = new(CallState.NoCall, 0, []);

    /// <summary>More is needed, and where no more comes it is no call.</summary>
    public static CallReading Unfinished(bool atEnd) => atEnd ? NoCall : new(CallState.Unfinished, 0, []);
}
