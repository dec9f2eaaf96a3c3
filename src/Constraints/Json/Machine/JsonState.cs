using System.Buffers;
using System.Runtime.CompilerServices;

namespace Penstock.Constraints.Json.Machine;

/// <summary>A state of the machine: all threads that are left. One object a set of threads.</summary>
internal sealed class JsonState : ConstraintState, IEquatable<JsonState>
{
    private static readonly Comparer<JsonThread> Order = Comparer<JsonThread>.Create(static (x, y) =>
        x.Scanner.Id != y.Scanner.Id ? x.Scanner.Id.CompareTo(y.Scanner.Id)
        : x.Frame.Id != y.Frame.Id ? x.Frame.Id.CompareTo(y.Frame.Id)
        : (x.Trace?.Id ?? 0).CompareTo(y.Trace?.Id ?? 0));

    private readonly MachineContext context;
    private readonly JsonThread[] threads;
    private readonly int hash;
    private Transitions<JsonState>? known;
    private StateAnswers? answers;

    private JsonState(MachineContext context, JsonThread[] threads)
    {
        this.context = context;
        this.threads = threads;
        var combined = default(HashCode);
        foreach (var thread in threads)
            combined.Add(HashCode.Combine(thread.Scanner.Id, thread.Frame.Id, thread.Trace?.Id ?? 0));

        hash = combined.ToHashCode();
        foreach (var thread in threads)
            IsAccepting |= thread.Scanner.Accepts(thread.Frame);
    }

    public override bool IsAccepting { get; }

    /// <summary>How many ways to read are followed.</summary>
    public int ThreadCount => threads.Length;

    public override int EndingLength
    {
        get
        {
            if (IsAccepting)
                return 0;

            if (Answers.EndingLength < 0)
                Answers.EndingLength = LengthOf(Shortest());

            return (int)Math.Min(Answers.EndingLength, int.MaxValue);
        }
    }

    public override LoopHint? Loop
    {
        get
        {
            if (!Answers.IsLoopKnown)
            {
                Answers.Loop = FindLoop();
                Answers.IsLoopKnown = true;
            }

            return Answers.Loop;
        }
    }

    public override ConstraintState Outline => Answers.Outline ??= MakeOutline();

    // Most states are passed on the way through a token and never asked.
    private StateAnswers Answers => answers ??= new StateAnswers();

    /// <summary>The state of a set of threads, or null where there is none.</summary>
    public static JsonState? Of(MachineContext context, List<JsonThread> threads)
    {
        if (threads.Count == 0)
            return null;

        if (threads.Count > 1)
            Merge(context, threads);

        return context.States.Intern(new JsonState(context, [.. threads]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override ConstraintState? Step(byte value)
    {
        var memo = known;
        return memo is not null && memo.Generation == context.Store.Generation && memo.TryGet(value, out var target) ? target : Follow(value);
    }

    public override void WriteEnding(IBufferWriter<byte> output)
    {
        if (!IsAccepting)
            output.Write(ThreadEnding.To(context, Shortest(), null) ?? throw new InvalidOperationException("A state that exists has no ending."));
    }

    public bool Equals(JsonState? other) => other is not null && (ReferenceEquals(this, other) || (hash == other.hash && threads.AsSpan().SequenceEqual(other.threads)));

    public override bool Equals(object? obj) => Equals(obj as JsonState);

    public override int GetHashCode() => hash;

    /// <summary>Drops equal threads and puts the rest in one order.</summary>
    private static void Merge(MachineContext context, List<JsonThread> threads)
    {
        threads.Sort(Order);
        var kept = 1;
        for (var i = 1; i < threads.Count; i++)
        {
            if (threads[i] != threads[kept - 1])
                threads[kept++] = threads[i];
        }

        threads.RemoveRange(kept, threads.Count - kept);
        Join(context, threads);
    }

    /// <summary>Threads with the same scanner become one, with all their stacks, which divide again where what follows tells these apart.</summary>
    private static void Join(MachineContext context, List<JsonThread> threads)
    {
        for (int from = 0, to; from < threads.Count; from = to)
        {
            var scanner = threads[from].Scanner;
            for (to = from + 1; to < threads.Count && ReferenceEquals(threads[to].Scanner, scanner);)
                to++;

            if (to == from + 1)
                continue;

            var frames = new List<Frame>(to - from);
            for (var i = from; i < to; i++)
            {
                if (!threads[i].Frame.IsTraced)
                    frames.Add(threads[i].Frame);
            }

            if (frames.Count < 2)
                continue;

            var kept = from;
            for (var i = from; i < to; i++)
            {
                if (threads[i].Frame.IsTraced)
                    threads[kept++] = threads[i];
            }

            threads[kept++] = new(scanner, JoinedFrame.Of(context, frames), null);
            threads.RemoveRange(kept, to - kept);
            threads.Sort(from, kept - from, Order);
            to = kept;
        }
    }

    private JsonState? Follow(byte value)
    {
        WorkBudget.Charge(threads.Length);
        var next = context.RentList();
        foreach (var thread in threads)
            ThreadStepper.Step(context, thread, value, next);

        var target = Of(context, next);
        context.Return(next);
        if (known is null || known.Generation != context.Store.Generation)
            known = new(context.Store.Generation);

        known.Add(value, target);
        return target;
    }

    private JsonThread Shortest()
    {
        var best = threads[0];
        for (var i = 1; i < threads.Length; i++)
        {
            if (LengthOf(threads[i]) < LengthOf(best))
                best = threads[i];
        }

        return best;
    }

    private long LengthOf(JsonThread thread) => ThreadEnding.LengthOf(context, thread);

    private JsonState MakeOutline()
    {
        var outlines = context.RentList();
        foreach (var thread in threads)
        {
            var frame = thread.Frame.OutlineIn(context);
            outlines.Add(new(thread.Scanner.OutlineIn(context), frame, frame.IsTraced ? thread.Trace : null));
        }

        var made = Of(context, outlines)!;
        context.Return(outlines);
        return made.Equals(this) ? this : made;
    }

    private LoopHint? FindLoop()
    {
        var all = new LoopHint(UInt128.MaxValue, true, int.MaxValue);
        foreach (var thread in threads)
        {
            // Where bytes are remembered, every text leads to another state.
            if (thread.Frame.IsTraced || thread.Scanner.Loop is not { } hint)
                return null;

            // Counters that run side by side are told apart by more than a number.
            if (threads.Length > 1 && !hint.IsUnbounded)
                return null;

            all = new(all.Ascii & hint.Ascii, all.NonAscii && hint.NonAscii, Math.Min(all.Most, hint.Most));
        }

        return all.Ascii == 0 && !all.NonAscii ? null : all;
    }
}
