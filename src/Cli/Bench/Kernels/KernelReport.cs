namespace Penstock.Cli.Bench.Kernels;

/// <summary>What <c>bench kernels</c> measured; the JSON has these names in snake case.</summary>
/// <param name="Runner">The runner's name, with its kernel path.</param>
/// <param name="Threads">Threads that computed.</param>
/// <param name="ReadBandwidthGbS">What the same number of threads reads from memory, in GB/s.</param>
internal sealed record KernelReport(string Runner, int Threads, double ReadBandwidthGbS, IReadOnlyList<KernelReport.DecodeSpeed> Decode, IReadOnlyList<KernelReport.PrefillSpeed> Prefill)
{
    /// <param name="Batch">Sequences that each get one token a step.</param>
    /// <param name="TokensPerS">Over all sequences.</param>
    /// <param name="FractionOfReadBandwidth">Weights read a second, over the read bandwidth.</param>
    internal sealed record DecodeSpeed(int Batch, double TokensPerS, double FractionOfReadBandwidth);

    /// <param name="Chunk">Rows of a step.</param>
    /// <param name="TokensPerS">Prompt tokens a second.</param>
    /// <param name="FractionOfPeak">Multiply-adds with weights a second, over what the path's 8-bit dot product reaches from registers.</param>
    internal sealed record PrefillSpeed(int Chunk, double TokensPerS, double FractionOfPeak);
}
