using System.Globalization;
using Penstock.Cli.Output;

namespace Penstock.Cli.Bench.Load;

/// <summary>
/// Reads arrivals from a CSV file with a header. Two forms: <c>arrival_s,prompt_tokens,output_tokens</c>, and that of the Azure LLM
/// inference traces, <c>TIMESTAMP,ContextTokens,GeneratedTokens</c>.
/// </summary>
internal static class TraceFile
{
    private const string Simple = "arrival_s,prompt_tokens,output_tokens";
    private const string Azure = "TIMESTAMP,ContextTokens,GeneratedTokens";

    /// <param name="path">The file.</param>
    /// <param name="most">Read at most so many requests; null = all.</param>
    /// <param name="speed">2 = twice as fast as it was recorded.</param>
    /// <exception cref="CommandException">A line that does not fit, by number.</exception>
    public static IReadOnlyList<Arrival> Read(string path, int? most, double speed)
    {
        if (!File.Exists(path))
            throw new CommandException($"There is no trace at {path}.", ExitCode.WrongUsage);

        using var lines = File.OpenText(path);
        Func<string, double?> seconds = lines.ReadLine()?.Trim() switch
        {
            Simple => Seconds,
            Azure => Timestamp,
            _ => throw new CommandException($"{path} must begin with the line \"{Simple}\" or \"{Azure}\".", ExitCode.WrongUsage),
        };
        var arrivals = new List<(double Seconds, int Prompt, int Output)>();
        for (var number = 2; arrivals.Count < (most ?? int.MaxValue) && lines.ReadLine() is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
                arrivals.Add(Parse(line, seconds) ?? throw new CommandException($"{path}, line {number}: it must be a time, prompt tokens and output tokens, the counts at least 1.", ExitCode.WrongUsage));
        }

        if (arrivals.Count == 0)
            throw new CommandException($"{path} has no requests.", ExitCode.WrongUsage);

        arrivals.Sort((a, b) => a.Seconds.CompareTo(b.Seconds));
        var first = arrivals[0].Seconds;
        return [.. arrivals.Select(item => new Arrival(TimeSpan.FromSeconds((item.Seconds - first) / speed), item.Prompt, item.Output))];
    }

    private static (double Seconds, int Prompt, int Output)? Parse(string line, Func<string, double?> seconds)
    {
        var cells = line.Split(',');
        return cells.Length == 3 && seconds(cells[0]) is { } at && Count(cells[1]) is { } prompt && Count(cells[2]) is { } output
            ? (at, prompt, output)
            : null;
    }

    private static int? Count(string cell) => int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : null;

    private static double? Seconds(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static double? Timestamp(string cell) =>
        DateTime.TryParse(cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? (time - DateTime.UnixEpoch).TotalSeconds : null;
}
