using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>Attention as one thread computes it. Not thread-safe: it has its own scratch memory.</summary>
internal unsafe interface IAttention : IDisposable
{
    /// <summary>Computes a tile.</summary>
    /// <param name="tile">What; positions up to its last are stored.</param>
    /// <param name="layer">Layer.</param>
    /// <param name="settings">The layer's rules.</param>
    /// <param name="queries">Rotated queries of the step's rows.</param>
    /// <param name="stride">Floats from row to row of <paramref name="queries"/>.</param>
    /// <param name="output">Where the results go.</param>
    void Run(in AttentionTile tile, int layer, LayerAttention settings, float* queries, int stride, in ActivationRows output);
}
