namespace Penstock.Benchmarks.Load.Front;

/// <summary>A moment at which a client leaves.</summary>
/// <param name="Name">In the table.</param>
/// <param name="Model">What the stand-in does then.</param>
/// <param name="Stream">Whether the answer is streamed.</param>
/// <param name="Tokens">The client leaves after so many tokens; 0 = after <paramref name="Wait"/>.</param>
/// <param name="Wait">How long it waits where it gets no tokens.</param>
internal sealed record Departure(string Name, string Model, bool Stream, int Tokens, TimeSpan Wait)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(110);

    public static readonly IReadOnlyList<Departure> All =
    [
        new("before the first byte, streamed", "mock-silent", true, 0, Soon),
        new("before the first byte, not streamed", "mock-silent", false, 0, Soon),
        new("before the first token", "mock-slow-first-token", true, 0, Soon),
        new("in mid-stream", "mock-paced", true, 5, TimeSpan.Zero),
        new("while a whole answer is made", "mock-paced", false, 0, Soon),
        new("in a retry's back-off", "mock-overloaded", true, 0, Soon),
    ];
}
