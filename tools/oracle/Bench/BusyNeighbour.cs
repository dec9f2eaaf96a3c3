using System.CommandLine;
using System.Diagnostics;

namespace Penstock.Tools.Oracle.Bench;

/// <summary>A process of its own that keeps one core busy until it is disposed of, or until the process that started it has gone.</summary>
internal sealed class BusyNeighbour : IDisposable
{
    private const string Name = "spin";
    private static readonly TimeSpan ToBeBusy = TimeSpan.FromMilliseconds(500);

    private readonly Process process;

    public BusyNeighbour()
    {
        // "dotnet oracle.dll" is a process of dotnet's, which must be told the file again.
        string[] arguments = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0], Name] : [Name];
        process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardInput = true })
            ?? throw new InvalidOperationException("The busy process does not start.");
        if (process.WaitForExit(ToBeBusy))
            throw new InvalidOperationException("The busy process has ended at once.");
    }

    public static Command CreateCommand()
    {
        var command = new Command(Name, "Keep one core busy until standard input ends") { Hidden = true };
        command.SetAction(_ =>
        {
            var ended = false;
            new Thread(() =>
            {
                Console.In.ReadToEnd();
                Volatile.Write(ref ended, true);
            })
            { IsBackground = true }.Start();
            while (!Volatile.Read(ref ended))
                Thread.SpinWait(1000);
        });
        return command;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
