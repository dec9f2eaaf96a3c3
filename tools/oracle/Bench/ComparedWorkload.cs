namespace Penstock.Tools.Oracle.Bench;

/// <summary>Medians over the rounds.</summary>
/// <param name="Threads">Threads of each engine.</param>
/// <param name="Kind"><c>decode</c> or <c>prefill</c>.</param>
/// <param name="Size">Sequences that decode, or tokens of the prompt.</param>
/// <param name="Penstock">Tokens a second, or null when it was not measured.</param>
/// <param name="LlamaCpp">The same of llama.cpp.</param>
/// <param name="CpuRatio">Median over rounds of Penstock's tokens per CPU second over llama.cpp's in the same round.</param>
/// <param name="WallRatio">The same by the clock.</param>
internal sealed record ComparedWorkload(int Threads, string Kind, int Size, Rate? Penstock, Rate? LlamaCpp, double? CpuRatio, double? WallRatio)
{
    public static ComparedWorkload Of(int threads, string kind, int size, Dictionary<string, List<Sample>> samples)
    {
        var ours = samples.GetValueOrDefault("penstock");
        var theirs = samples.GetValueOrDefault("llama_cpp");
        var both = ours is not null && theirs is not null;
        return new ComparedWorkload(
            threads,
            kind,
            size,
            Rate.Of(ours),
            Rate.Of(theirs),
            both ? Rate.Median(ours!.Zip(theirs!, (one, two) => one.TokensPerCpuSecond / two.TokensPerCpuSecond)) : null,
            both ? Rate.Median(ours!.Zip(theirs!, (one, two) => one.TokensPerSecond / two.TokensPerSecond)) : null);
    }
}
