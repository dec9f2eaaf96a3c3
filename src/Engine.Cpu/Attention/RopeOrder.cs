namespace Penstock.Engine.Cpu.Attention;

/// <summary>Which two dimensions of a head turn together.</summary>
internal enum RopeOrder
{
    /// <summary>Neighbours: 0 and 1, 2 and 3, ... (converters permute llama's weights to this).</summary>
    Norm,

    /// <summary>Those half the rotated width apart: 0 and n/2, 1 and n/2 + 1, ...</summary>
    Neox,
}
