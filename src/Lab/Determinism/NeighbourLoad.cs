namespace Penstock.Lab.Determinism;

/// <summary>What runs beside the measured requests.</summary>
public enum NeighbourLoad
{
    /// <summary>Nothing: they are asked one after another.</summary>
    None,

    /// <summary>A crowd of random requests, some of which leave; and the measured ones run several at a time.</summary>
    Mixed,
}
