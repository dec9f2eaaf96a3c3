using Penstock.Engine.Running;

namespace Penstock.Engine.Cpu.Running;

/// <summary>How a <see cref="CpuModelRunner"/> uses the machine. The defaults work.</summary>
public sealed class CpuRunnerOptions
{
    /// <summary>Threads that compute a step, the caller's included; 0 = one for each physical core that this process may use. Does not change a bit of any result.</summary>
    public int Threads { get; init; }

    /// <summary>What keys and values are kept as.</summary>
    public KvType KvType { get; init; } = KvType.F16;

    /// <summary>Processors on which the threads are kept, one each, at least as many as threads; empty = where the system puts them. Linux only.</summary>
    public IReadOnlyList<int> Affinity { get; init; } = [];

    /// <summary>What the weights of adapters are kept as.</summary>
    public AdapterType AdapterType { get; init; } = AdapterType.Auto;

    /// <summary>Tokens whose KV fits in memory, over all sequences; 0 = derived from <see cref="KvBytes"/>. Memory that was never used costs nothing.</summary>
    public int KvTokens { get; init; }

    /// <summary>Most memory for KV in bytes, when <see cref="KvTokens"/> is 0; 0 = an eighth of the memory that this process may use, at least 1 GiB.</summary>
    public long KvBytes { get; init; }

    /// <summary>Most tokens of one sequence; 0 = the model's, or what the KV memory holds where that is less.</summary>
    public int ContextLength { get; init; }

    /// <summary>Most rows of one step.</summary>
    public int MaxRows { get; init; } = 512;

    /// <summary>Most sequences at a time, parked ones of a prefix cache included. Each costs 4 bytes for each block of the context.</summary>
    public int MaxSequences { get; init; } = 256;

    /// <summary>The kernels to use.</summary>
    public KernelPath Path { get; init; } = KernelPath.Auto;
}
