namespace Penstock.Engine.Simulation;

/// <summary>A fault at the <paramref name="Step"/>th call of <see cref="SimulatedRunner.Run"/>, from 1.</summary>
public readonly record struct PlantedFault(int Step, FaultKind Kind);
