using System.Diagnostics;

namespace Penstock.Cli.Bench.Kernels;

/// <summary>Another process that keeps one core busy until this is disposed, or until this process ends.</summary>
internal sealed class BusyNeighbour : IDisposable
{
    /// <summary>The hidden command of the other process.</summary>
    public const string Command = "busy";

    private readonly Process process;

    public BusyNeighbour()
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no program file to start again.");
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        start.ArgumentList.Add("bench");
        start.ArgumentList.Add(Command);
        process = Process.Start(start)!;
        process.StandardOutput.ReadLine(); // It computes from here on.
    }

    /// <summary>What the other process does: computes until its input ends.</summary>
    public static int Run(TextWriter output, TextReader input)
    {
        var stop = false;
        var worker = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
                Thread.SpinWait(1_000);
        });
        worker.Start();
        output.WriteLine("busy");
        output.Flush();
        input.ReadToEnd();
        Volatile.Write(ref stop, true);
        worker.Join();
        return 0;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
