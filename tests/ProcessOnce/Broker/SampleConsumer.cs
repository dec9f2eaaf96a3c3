using System.Diagnostics;

namespace Penstock.ProcessOnce.Tests.Broker;

/// <summary>The sample as a process of its own.</summary>
internal sealed class SampleConsumer : IDisposable
{
    private readonly Process process;
    private readonly Task<string> said;

    private SampleConsumer(Process process)
    {
        this.process = process;
        said = process.StandardError.ReadToEndAsync();
    }

    /// <param name="broker">The broker.</param>
    /// <param name="gateway">The gateway's address.</param>
    /// <param name="database">Its database.</param>
    /// <param name="dieAt">Where it kills itself; null = nowhere.</param>
    public static SampleConsumer Start(Uri broker, string gateway, string database, string? dieAt)
    {
        // From its own folder: beside these tests, which have ASP.NET's assemblies, some of its own are left out.
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(folder.Parent!.Parent!.FullName, "Penstock.Samples.RabbitMq", folder.Name, "Penstock.Samples.RabbitMq.dll");
        string[] arguments = [program, broker.ToString(), gateway, database, "mock-instant"];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DIE_AT"] = dieAt;
        return new SampleConsumer(Process.Start(start)!);
    }

    /// <summary>Completes when it has killed itself; it must not end in any other way.</summary>
    public async Task DiedAsync()
    {
        await process.WaitForExitAsync();

        // 128 + SIGKILL.
        Assert.True(process.ExitCode == 137, $"The consumer ended with {process.ExitCode}: {await said}");
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }
}
