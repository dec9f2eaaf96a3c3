namespace Penstock.Tests.Engine.Conformance;

/// <summary>What the kit asks of a runner that it has made. Fewer blocks than asked for make the tests of running out fail; other figures may be larger.</summary>
/// <param name="Blocks">KV blocks, exactly.</param>
/// <param name="Sequences">At least so many sequences.</param>
/// <param name="Rows">At least so many rows in a step.</param>
/// <param name="Model">1 or 2: two models of the same shape with different weights.</param>
public sealed record RunnerSize(int Blocks = 32, int Sequences = 8, int Rows = 128, int Model = 1);
