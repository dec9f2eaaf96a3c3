using System.Runtime.CompilerServices;
using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>A <see cref="LayerAttention"/> as the kernels apply it.</summary>
internal readonly unsafe struct ScoreRule(LayerAttention settings, int headWidth)
{
    private readonly float cap = settings.SoftCap;
    private readonly int window = settings.Window > 0 ? settings.Window : int.MaxValue;

    /// <summary>Factor of queries, and so of their scores.</summary>
    public readonly float Scale = settings.Scale > 0 ? settings.Scale : 1f / MathF.Sqrt(headWidth);

    /// <summary>Bounds scores and hides tokens that the query at <paramref name="position"/> does not see. Whatever a hidden token's slot holds has no effect.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TLanes, TVector>(float* scores, int start, int tokens, int position)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        if (cap > 0)
            Bound<TLanes, TVector>(scores, tokens);
        if (start + tokens - 1 > position || position - start >= window)
            Hide<TLanes, TVector>(scores, tokens, Math.Max((long)position - window + 1 - start, 0), position - start);
    }

    private void Bound<TLanes, TVector>(float* scores, int tokens)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var bound = TLanes.Create(cap);
        for (var i = 0; i < tokens; i += TLanes.Count)
            TLanes.Store(TLanes.Multiply(bound, LaneMath<TLanes, TVector>.Tanh(TLanes.Divide(TLanes.Load(scores + i), bound))), scores + i);
    }

    private static void Hide<TLanes, TVector>(float* scores, int tokens, float first, float last)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var hidden = TLanes.Create(float.NegativeInfinity);
        for (var i = 0; i < tokens; i += TLanes.Count)
        {
            var token = TLanes.Add(TLanes.Indices, TLanes.Create(i));
            var seen = TLanes.WhereLess(token, TLanes.Create(first), hidden, TLanes.Load(scores + i));
            TLanes.Store(TLanes.WhereLess(TLanes.Create(last), token, hidden, seen), scores + i);
        }
    }
}
