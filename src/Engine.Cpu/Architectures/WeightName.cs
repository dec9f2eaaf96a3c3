namespace Penstock.Engine.Cpu.Architectures;

/// <summary>The matrices of a layer that every row passes through.</summary>
internal enum WeightName
{
    Query,
    Key,
    Value,
    AttentionOutput,
    Gate,
    Up,
    Down,
}
