namespace Penstock.Models.Description;

/// <summary>What the metadata says of attention beyond heads and positions. Null stands for a missing key: its default is the architecture's.</summary>
public sealed record AttentionDescription
{
    /// <summary>Positions that a windowed layer sees, the query's own included (<c>attention.sliding_window</c>); 0 stands for all.</summary>
    public int? Window { get; init; }

    /// <summary>Of so many layers the last sees all positions, the others a window (<c>attention.sliding_window_pattern</c>); 1: no layer has a window, 0: all have.</summary>
    public int? WindowPeriod { get; init; }

    /// <summary>Whether each layer has a window, where <c>attention.sliding_window_pattern</c> is an array.</summary>
    public IReadOnlyList<bool>? WindowLayers { get; init; }

    /// <summary>Base of the rotary frequencies in layers with a window (<c>rope.freq_base_swa</c>).</summary>
    public float? WindowRopeBase { get; init; }

    /// <summary>Factor on the scores in place of 1/sqrt(head width) (<c>attention.scale</c>); 0 stands for the usual one.</summary>
    public float? Scale { get; init; }

    /// <summary>Scores become <c>c·tanh(score/c)</c> (<c>attn_logit_softcapping</c>); 0 stands for no cap.</summary>
    public float? SoftCap { get; init; }
}
