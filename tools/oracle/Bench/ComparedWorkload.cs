namespace Penstock.Tools.Oracle.Bench;

/// <summary>A workload as both engines did it.</summary>
/// <param name="Threads">Threads of each engine.</param>
/// <param name="Workload">Its name.</param>
/// <param name="Processor">Tokens per second of processor time.</param>
/// <param name="Wall">Tokens per second by the clock.</param>
internal sealed record ComparedWorkload(int Threads, string Workload, Side Processor, Side Wall);
