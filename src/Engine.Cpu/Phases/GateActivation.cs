namespace Penstock.Engine.Cpu.Phases;

/// <summary>What gates a feed-forward layer.</summary>
internal enum GateActivation
{
    /// <summary>x·sigmoid(x): SwiGLU (Shazeer 2020).</summary>
    Silu,

    /// <summary>GELU in its tanh form: GeGLU (Shazeer 2020).</summary>
    Gelu,
}
