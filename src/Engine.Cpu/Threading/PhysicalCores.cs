namespace Penstock.Engine.Cpu.Threading;

/// <summary>How many threads are worth having: hardware threads of one core share its vector units.</summary>
public static class PhysicalCores
{
    private const string Topology = "/sys/devices/system/cpu";

    /// <summary>Physical cores, at most the processors that this process may use.</summary>
    public static int Count()
    {
        var usable = Environment.ProcessorCount;
        try
        {
            var cores = Directory.EnumerateDirectories(Topology, "cpu*")
                .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(File.ReadAllText)
                .Distinct(StringComparer.Ordinal)
                .Count();
            return cores == 0 ? usable : Math.Min(cores, usable);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return usable;
        }
    }
}
