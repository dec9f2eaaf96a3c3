using System.Buffers;

namespace Penstock.Constraints.Composition;

/// <summary>
/// Any text until one of some markers, and what comes after each. Which marker may have begun is followed as Aho and Corasick do (1975); of
/// markers that end at the same byte the longest counts.
/// </summary>
public sealed class FreeTextState : ConstraintState
{
    private readonly Dictionary<byte, FreeTextState> children = [];
    private readonly List<Marker> begun = [];
    private readonly bool mayEnd;
    private FreeTextState root;
    private FreeTextState fallback;
    private Func<ConstraintState>? then;

    private FreeTextState(bool mayEnd)
    {
        this.mayEnd = mayEnd;
        root = fallback = this;
    }

    public override bool IsAccepting => mayEnd;

    // Where no marker has begun, all that begins none leads back here.
    public override LoopHint? Loop => this == root ? new LoopHint(AsciiLoop(), children.Keys.All(value => value < 0x80), int.MaxValue) : null;

    public override int EndingLength => mayEnd ? 0 : (int)Math.Min(int.MaxValue, Nearest().Length);

    /// <summary>Free text.</summary>
    /// <param name="mayEnd">Whether the text may end without any of the markers.</param>
    /// <param name="markers">Each with what follows it; at least one, or <paramref name="mayEnd"/>. What follows is made once, when it is needed.</param>
    public static FreeTextState Until(bool mayEnd, params IReadOnlyList<(ReadOnlyMemory<byte> Bytes, Func<ConstraintState> Then)> markers)
    {
        if (!mayEnd && markers.Count == 0)
            throw new ArgumentException("A text that may not end and has no marker has no ending.", nameof(markers));

        var start = new FreeTextState(mayEnd);
        foreach (var (bytes, then) in markers)
        {
            ConstraintState? made = null;
            start.Add(bytes, () => made ??= then());
        }

        start.LinkAll();
        return start;
    }

    public override ConstraintState? Step(byte value)
    {
        var state = this;
        FreeTextState? next;
        while (!state.children.TryGetValue(value, out next) && state != root)
            state = state.fallback;
        next ??= root;
        return next.then is { } then ? then() : next;
    }

    public override void WriteEnding(IBufferWriter<byte> output)
    {
        if (mayEnd)
            return;

        var (marker, _) = Nearest();
        output.Write(marker.Rest.Span);
        marker.Then().WriteEnding(output);
    }

    private void Add(ReadOnlyMemory<byte> bytes, Func<ConstraintState> following)
    {
        var state = this;
        for (var i = 0; i < bytes.Length; i++)
        {
            state.begun.Add(new Marker(bytes[i..], following));
            if (!state.children.TryGetValue(bytes.Span[i], out var child))
            {
                child = new FreeTextState(mayEnd) { root = root, fallback = root };
                state.children.Add(bytes.Span[i], child);
            }

            state = child;
        }

        state.then ??= following;
    }

    private UInt128 AsciiLoop()
    {
        var loop = UInt128.MaxValue;
        foreach (var value in children.Keys)
            loop &= value < 0x80 ? ~(UInt128.One << value) : loop;
        return loop;
    }

    // In the order of their depths: a fallback is always less deep.
    private void LinkAll()
    {
        Queue<FreeTextState> states = new([this]);
        while (states.TryDequeue(out var state))
        {
            state.LinkChildren();
            foreach (var child in state.children.Values)
                states.Enqueue(child);
        }
    }

    private void LinkChildren()
    {
        foreach (var (value, child) in children)
        {
            var state = this;
            FreeTextState? found = null;
            while (state != root && found is null)
            {
                state = state.fallback;
                found = state.children.GetValueOrDefault(value);
            }

            child.fallback = found ?? root;
            child.then ??= child.fallback.then;
        }
    }

    // The marker that is the soonest through, with what follows it.
    private (Marker Marker, long Length) Nearest()
    {
        (Marker Marker, long Length)? best = null;
        for (var state = this; ; state = state.fallback)
        {
            foreach (var marker in state.begun)
            {
                var length = marker.Rest.Length + (long)marker.Then().EndingLength;
                if (best is null || length < best.Value.Length)
                    best = (marker, length);
            }

            if (state == root)
                return best!.Value;
        }
    }

    private sealed record Marker(ReadOnlyMemory<byte> Rest, Func<ConstraintState> Then);
}
