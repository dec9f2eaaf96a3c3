using Penstock.Benchmarks.Load.Machine;

namespace Penstock.Benchmarks.Load.Front;

/// <summary>Something in front of the upstream, or the upstream itself.</summary>
/// <param name="Name">In the tables.</param>
/// <param name="Port">Where clients connect.</param>
/// <param name="Server">Its process; null = the upstream's.</param>
internal sealed record Contender(string Name, int Port, ChildProcess? Server);
