using System.Globalization;
using Penstock.Cli.Output;

namespace Penstock.Cli.Bench.Load;

/// <summary>Samples a process's resident memory as requests end: before the first, after every so many, after the last. Thread-safe.</summary>
internal sealed class ResidentMemory
{
    /// <summary>Enough for a slope over a long soak; each costs one small read of <c>/proc</c>.</summary>
    private const int SamplesOfARun = 500;

    private readonly Lock gate = new();
    private readonly List<(int Requests, long Bytes)> samples = [];
    private readonly int pid;
    private readonly int every;
    private readonly Func<long?> read;
    private int done;

    /// <param name="pid">Whose memory.</param>
    /// <param name="requests">How many requests will end.</param>
    /// <param name="read">The resident bytes now; null when the process is gone.</param>
    public ResidentMemory(int pid, int requests, Func<long?> read)
    {
        (this.pid, this.read) = (pid, read);
        every = Math.Max(1, requests / SamplesOfARun);
        Sample();
    }

    /// <exception cref="CommandException">There is no such process, or this system has no <c>/proc</c>.</exception>
    public static ResidentMemory OfProcess(int pid, int requests)
    {
        var memory = new ResidentMemory(pid, requests, () => Read($"/proc/{pid}/status"));
        return memory.samples.Count > 0
            ? memory
            : throw new CommandException($"--watch-pid {pid}: /proc/{pid}/status shows no resident memory. Give the process id of a server on this machine (Linux only).", ExitCode.WrongUsage);
    }

    /// <summary>Counts one request that ended.</summary>
    public void Count()
    {
        lock (gate)
        {
            if (++done % every == 0)
                Sample();
        }
    }

    public MemoryReport Report()
    {
        lock (gate)
        {
            if (samples[^1].Requests != done)
                Sample();
            return MemoryReport.Of(pid, samples);
        }
    }

    private void Sample()
    {
        if (read() is { } bytes)
            samples.Add((done, bytes));
    }

    private static long? Read(string status)
    {
        const string field = "VmRSS:";
        try
        {
            // "VmRSS:     123456 kB", proc_pid_status(5); the kB are of 1,024 bytes.
            var line = File.ReadLines(status).FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal));
            return line is null ? null : long.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1_024;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
