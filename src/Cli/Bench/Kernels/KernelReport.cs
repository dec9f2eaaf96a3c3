namespace Penstock.Cli.Bench.Kernels;

/// <summary>What <c>bench kernels</c> measured; the JSON has these names in snake case.</summary>
/// <param name="Runner">The runner's name, with its kernel path.</param>
/// <param name="Threads">Threads that computed.</param>
/// <param name="ReadBandwidthGbS">What the same number of threads reads from memory at best, in GB/s.</param>
/// <param name="PeakGmacS">8-bit multiply-adds of the path's dot product from registers, in 10^9 a second.</param>
/// <param name="Mixed">Decodes and a chunk of a prompt in one step.</param>
/// <param name="Depths">Steps of one sequence with more and more tokens before them.</param>
/// <param name="BesideNeighbour">Steps beside another process, where that was asked for.</param>
internal sealed record KernelReport(
    string Runner,
    int Threads,
    double ReadBandwidthGbS,
    double PeakGmacS,
    IReadOnlyList<KernelReport.DecodeSpeed> Decode,
    IReadOnlyList<KernelReport.PrefillSpeed> Prefill,
    KernelReport.MixedStep Mixed,
    IReadOnlyList<KernelReport.DepthSpeed> Depths,
    IReadOnlyList<KernelReport.NeighbourSteps> BesideNeighbour)
{
    /// <param name="Batch">Sequences that each get one token a step.</param>
    /// <param name="TokensPerS">Over all sequences.</param>
    /// <param name="ReadBandwidthGbS">What was read from memory between these steps, in GB/s.</param>
    /// <param name="FractionOfReadBandwidth">Weights read a second, over that.</param>
    /// <param name="GmacS">Multiply-adds with weights, in 10^9 a second.</param>
    /// <param name="MacsPerByte">Multiply-adds for each byte of weights.</param>
    internal sealed record DecodeSpeed(int Batch, double TokensPerS, double ReadBandwidthGbS, double FractionOfReadBandwidth, double GmacS, double MacsPerByte);

    /// <param name="Chunk">Rows of a step.</param>
    /// <param name="TokensPerS">Prompt tokens a second.</param>
    /// <param name="FractionOfPeak">Multiply-adds with weights a second, over <see cref="PeakGmacS"/>; more than 1 where levels of few bits have a faster way.</param>
    /// <param name="GmacS">The same in 10^9 a second.</param>
    /// <param name="MacsPerByte">Multiply-adds for each byte of weights.</param>
    internal sealed record PrefillSpeed(int Chunk, double TokensPerS, double FractionOfPeak, double GmacS, double MacsPerByte);

    /// <param name="Decodes">Sequences that get one token.</param>
    /// <param name="Chunk">Rows of a prompt beside them.</param>
    /// <param name="StepMs">One step with both.</param>
    /// <param name="TwoStepsMs">A step with each.</param>
    internal sealed record MixedStep(int Decodes, int Chunk, double StepMs, double TwoStepsMs);

    /// <param name="Depth">Tokens that the sequence has.</param>
    /// <param name="DecodeMs">A step of one row after them.</param>
    /// <param name="PromptMs">The step of the last 512 of them.</param>
    internal sealed record DepthSpeed(int Depth, double DecodeMs, double PromptMs);

    /// <param name="Batch">Sequences that each get one token a step.</param>
    /// <param name="QuietMedianMs">Alone.</param>
    /// <param name="QuietP95Ms">Alone.</param>
    /// <param name="MedianMs">Beside a process that keeps a core busy.</param>
    /// <param name="P95Ms">The same.</param>
    /// <param name="P95OverQuietMedian">What a user feels of the neighbour at worst.</param>
    internal sealed record NeighbourSteps(int Batch, double QuietMedianMs, double QuietP95Ms, double MedianMs, double P95Ms, double P95OverQuietMedian);
}
