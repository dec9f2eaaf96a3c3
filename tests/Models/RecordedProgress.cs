namespace Penstock.Models.Tests;

/// <summary>Remembers the largest fraction reported, from any thread.</summary>
public sealed class RecordedProgress : IProgress<double>
{
    private readonly Lock gate = new();

    public double Largest { get; private set; }

    public void Report(double value)
    {
        lock (gate)
            Largest = Math.Max(Largest, value);
    }
}
