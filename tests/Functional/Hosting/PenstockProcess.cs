using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Penstock.Functional.Tests.Hosting;

/// <summary><c>penstock</c> as a child process.</summary>
public sealed class PenstockProcess : IAsyncDisposable
{
    private const int SigHup = 1;
    private const int SigInt = 2;
    private const int SigTerm = 15;
    private const string Ready = "Penstock listens on ";

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();
    private readonly Task pumps;
    private readonly TaskCompletionSource<Uri?> address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A shell starts background jobs with Ctrl+C ignored, and children inherit that: then there would be nothing to test.
    static PenstockProcess() => SetDisposition(SigInt, nint.Zero);

    private PenstockProcess(Process process)
    {
        this.process = process;
        pumps = Task.WhenAll(PumpAsync(process.StandardOutput, output), PumpAsync(process.StandardError, errors));
    }

    /// <summary>What it has printed so far.</summary>
    public string Output => Read(output);

    public string Errors => Read(errors);

    public static PenstockProcess Start(string workingFolder, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "penstock.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingFolder,
        };
        return new PenstockProcess(Process.Start(start)!);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string workingFolder, params string[] arguments)
    {
        await using var run = Start(workingFolder, arguments);
        var exitCode = await run.ExitAsync();
        return (exitCode, run.Output, run.Errors);
    }

    /// <summary>The address that a server prints when it is ready.</summary>
    public async Task<Uri> AddressAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await address.Task.WaitAsync(limit.Token) ?? throw new InvalidOperationException($"It ended before it was ready: {Errors}");
    }

    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);
        await pumps.WaitAsync(limit.Token);
        return process.ExitCode;
    }

    /// <summary>Ends it as a power cut would.</summary>
    public void Kill() => process.Kill();

    /// <summary>Asks it to end, as an orchestrator does.</summary>
    public void Terminate() => Assert.Equal(0, SendSignal(process.Id, SigTerm));

    /// <summary>Asks it to read its configuration again.</summary>
    public void HangUp() => Assert.Equal(0, SendSignal(process.Id, SigHup));

    /// <summary>Presses Ctrl+C.</summary>
    public void Interrupt() => Assert.Equal(0, SendSignal(process.Id, SigInt));

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint SetDisposition(int signal, nint handler);

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private async Task PumpAsync(StreamReader from, StringBuilder text)
    {
        var buffer = new char[4096];
        while (await from.ReadAsync(buffer) is > 0 and var count)
        {
            lock (text)
            {
                text.Append(buffer, 0, count);
            }

            var whole = Read(text);
            var at = whole.IndexOf(Ready, StringComparison.Ordinal) + Ready.Length;
            if (at >= Ready.Length && whole.IndexOf('\n', at) is > 0 and var end)
            {
                address.TrySetResult(new Uri(whole[at..end]));
            }
        }

        address.TrySetResult(null);
    }
}
