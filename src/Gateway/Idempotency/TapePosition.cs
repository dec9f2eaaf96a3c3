namespace Penstock.Gateway.Idempotency;

/// <summary>How far a reader of an <see cref="AnswerTape"/> is.</summary>
/// <param name="Segment">The segment of the next chunk.</param>
/// <param name="Index">Its place in there.</param>
/// <param name="Chunk">Its place in the whole answer.</param>
internal readonly record struct TapePosition(int Segment, int Index, int Chunk)
{
    public TapePosition Next => new(Segment, Index + 1, Chunk + 1);

    public TapePosition NextSegment => new(Segment + 1, 0, Chunk);
}
