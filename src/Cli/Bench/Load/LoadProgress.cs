using Penstock.Cli.Bench.Streaming;
using Spectre.Console;

namespace Penstock.Cli.Bench.Load;

/// <summary>A progress bar over a load, where somebody watches.</summary>
internal static class LoadProgress
{
    public static Task<LoadReport> ShowAsync(IAnsiConsole console, int requests, Func<Action<RequestSample>, Task<LoadReport>> run)
    {
        if (!console.Profile.Capabilities.Ansi)
            return run(_ => { });

        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn())
            .StartAsync(context =>
            {
                var task = context.AddTask("sending", maxValue: requests);
                var (ended, failed) = (0, 0);
                return run(sample =>
                {
                    var soFar = Interlocked.Increment(ref ended);
                    if (sample.Outcome == ChatOutcome.Failed)
                        Interlocked.Increment(ref failed);
                    task.Value = soFar;
                    task.Description = failed == 0 ? $"{soFar} of {requests}" : $"{soFar} of {requests}, {failed} failed";
                });
            });
    }
}
