using System.Diagnostics;
using System.Text.Json;

namespace Penstock.Tools.Fuzz;

/// <summary>The independent validator (<c>judge/judge.mjs</c>: Ajv on Node.js), fed line by line while documents are made.</summary>
internal sealed class Judge : IDisposable
{
    private readonly Process process;
    private readonly Task<List<string>> verdicts;

    public Judge(string folder)
    {
        process = Process.Start(new ProcessStartInfo("node", ["judge.mjs"]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("Node.js did not start.");
        verdicts = ReadAsync(process.StandardOutput);
    }

    public void Open(SchemaFile file) => Write(new { id = file.Name, schema = file.Schema });

    public void Take(string text) => Write(new { text });

    /// <summary>All lines that the judge wrote; the last has the totals.</summary>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        process.StandardInput.Close();
        var lines = await verdicts;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? lines : throw new InvalidOperationException($"The judge ended with {process.ExitCode}: run npm ci in tools/fuzz/judge.");
    }

    public void Dispose() => process.Dispose();

    private void Write<T>(T line) => process.StandardInput.WriteLine(JsonSerializer.Serialize(line));

    private static async Task<List<string>> ReadAsync(StreamReader output)
    {
        var lines = new List<string>();
        while (await output.ReadLineAsync() is { } line)
            lines.Add(line);
        return lines;
    }
}
