namespace Penstock.Engine.Cpu.Architectures;

/// <summary>The second half of a layer: one perceptron, or experts.</summary>
internal abstract record FeedForwardWeights
{
    /// <summary>Whether its first products read the quantized form of their input rows.</summary>
    public abstract bool QuantizedInput { get; }

    /// <summary>Bytes of weights that a step of one row reads.</summary>
    public abstract long BytesPerStep { get; }

    /// <summary>Multiply-adds with weights for each row.</summary>
    public abstract long MultiplyAddsPerRow { get; }
}
