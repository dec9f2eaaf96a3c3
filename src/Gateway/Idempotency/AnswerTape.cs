using Penstock.Contracts.Errors;
using Penstock.Ledger.Decisions;

namespace Penstock.Gateway.Idempotency;

/// <summary>
/// An answer as its chunks: one writer, any number of readers, none of whom waits for another. In memory is only the newest segment; what is before it is in the store, where readers
/// who are behind find it. Thread-safe.
/// </summary>
/// <remarks>
/// The law: what would make an answer whole is shown to no reader before <see cref="Resolve"/>. Of a stream these are the chunks after <see cref="Withhold"/>, of every
/// other answer all of them.
/// </remarks>
internal sealed class AnswerTape
{
    /// <summary>Bytes of a segment: what an answer takes of memory at most, and besides it each reader who is behind.</summary>
    public const int SegmentBytes = 256 * 1024;

    private readonly Lock gate = new();
    private readonly List<ReadOnlyMemory<byte>> newest = [];
    private TaskCompletionSource changed = NewSignal();
    private Decision? head;
    private PenstockError? error;
    private int newestBytes;
    private int segment;
    private int chunks;
    private int shown;
    private bool live;
    private bool withheld;
    private bool ended;
    private bool elsewhere;

    /// <summary>The number of the segment that is still in memory.</summary>
    public int Segment
    {
        get
        {
            lock (gate)
            {
                return segment;
            }
        }
    }

    /// <summary>Whether the newest segment is full and should go to the store.</summary>
    public bool IsFull
    {
        get
        {
            lock (gate)
            {
                return newestBytes >= SegmentBytes;
            }
        }
    }

    /// <summary>Another gateway makes the answer: readers wait without hearing anything of it.</summary>
    public void MadeElsewhere()
    {
        lock (gate)
        {
            if (!elsewhere)
            {
                elsewhere = true;
                Signal();
            }
        }
    }

    /// <summary>Status and headers are settled.</summary>
    /// <param name="started">The answer's head, without its number of segments.</param>
    /// <param name="stream">Whether it is shown while it is being made.</param>
    public void Begin(Decision started, bool stream)
    {
        lock (gate)
        {
            (head, live) = (started, stream);
            Signal();
        }
    }

    /// <summary>Adds what was flushed. The tape keeps the memory.</summary>
    public void Append(ReadOnlyMemory<byte> chunk)
    {
        lock (gate)
        {
            newest.Add(chunk);
            newestBytes += chunk.Length;
            chunks++;
            if (live && !withheld)
            {
                shown = chunks;
                Signal();
            }
        }
    }

    /// <summary>What comes from now on is the answer's end.</summary>
    public void Withhold()
    {
        lock (gate)
        {
            withheld = true;
        }
    }

    /// <summary>The newest segment's bytes, as the store keeps them.</summary>
    public ReadOnlyMemory<byte> EncodeNewest()
    {
        lock (gate)
        {
            return ChunkCodec.Encode(newest);
        }
    }

    /// <summary>The newest segment is in the store: it is let go of here, and the next begins.</summary>
    public void Stored()
    {
        lock (gate)
        {
            newest.Clear();
            newestBytes = 0;
            segment++;
            Signal();
        }
    }

    /// <summary>The answer's head as it is to be kept; null where it has none.</summary>
    public Decision? Decide()
    {
        lock (gate)
        {
            return head is null ? null : head with { Segments = newest.Count == 0 ? segment : segment + 1 };
        }
    }

    /// <summary>Everything may be shown, and nothing more comes.</summary>
    public void Resolve()
    {
        lock (gate)
        {
            (shown, live, ended) = (chunks, true, true);
            Signal();
        }
    }

    /// <summary>A decision that is in the store: readers find all of it there.</summary>
    public void Restore(Decision decision)
    {
        lock (gate)
        {
            (head, segment, shown, live, ended) = (decision, decision.Segments, int.MaxValue, true, true);
            Signal();
        }
    }

    /// <summary>What has not been shown is not shown any more; readers are told this instead.</summary>
    public void Fail(PenstockError why)
    {
        lock (gate)
        {
            (error, ended) = (why, true);
            Signal();
        }
    }

    public TapeView Look(TapePosition position)
    {
        lock (gate)
        {
            var visible = position.Chunk < shown;
            var stored = visible && position.Segment < segment;
            var chunk = visible && !stored && position.Index < newest.Count ? newest[position.Index] : (ReadOnlyMemory<byte>?)null;
            return new(live ? head : null, chunk, stored, ended, elsewhere, error, changed.Task);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Signal()
    {
        changed.TrySetResult();
        changed = NewSignal();
    }
}
