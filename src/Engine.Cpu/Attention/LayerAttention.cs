namespace Penstock.Engine.Cpu.Attention;

/// <summary>What a layer's attention does to its scores. The defaults are those of llama.</summary>
internal sealed record LayerAttention
{
    /// <summary>Positions that a token sees, its own included: a window of w at position p shows p-w+1 to p, as in llama.cpp. 0: all before it.</summary>
    public int Window { get; init; }

    /// <summary>Factor of the scores; 0: 1 / sqrt(width of a head).</summary>
    public float Scale { get; init; }

    /// <summary>Bounds a score s to cap · tanh(s / cap), after scaling (Gemma 2, 2024). 0: no bound.</summary>
    public float SoftCap { get; init; }

    /// <summary>The first position that a token at <paramref name="position"/> sees.</summary>
    public int FirstVisible(int position) => Window > 0 ? Math.Max(0, position - Window + 1) : 0;
}
