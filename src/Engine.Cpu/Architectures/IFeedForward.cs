using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>Computes the second half of layers with one kind of <see cref="FeedForwardWeights"/>. Owns its step buffers, which all layers share.</summary>
internal interface IFeedForward : IDisposable
{
    /// <summary>Bytes of weights read since this was made: each matrix once for each step and layer in which a row needs it.</summary>
    long BytesRead { get; }

    /// <summary>From the normed rows to what joins the residual stream; both buffers are given when this is made.</summary>
    /// <param name="team">Threads.</param>
    /// <param name="layer">Layer.</param>
    /// <param name="rows">Rows, from 0.</param>
    void Run(ThreadTeam team, int layer, int rows);
}
