namespace Penstock.Benchmarks.Sse;

/// <summary>What a round delivers.</summary>
/// <param name="Streams">Answers at once.</param>
/// <param name="Burst">Tokens that a step gives to each of them.</param>
/// <param name="Steps">Steps of a round.</param>
internal sealed record StepLoad(int Streams, int Burst, int Steps)
{
    public int Tokens => Streams * Burst * Steps;
}
