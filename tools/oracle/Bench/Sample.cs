namespace Penstock.Tools.Oracle.Bench;

/// <summary>One measurement: tokens, and the processor's and the wall's time for them.</summary>
internal readonly record struct Sample(int Tokens, TimeSpan Processor, TimeSpan Wall)
{
    public double TokensPerCpuSecond => Tokens / Processor.TotalSeconds;

    public double TokensPerSecond => Tokens / Wall.TotalSeconds;
}
