using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Penstock.Cli.Output;

/// <summary>The two streams of a command: results on standard output, progress and notes on standard error.</summary>
public sealed class Terminal
{
    // Without a terminal nobody sees where a line ends; tables and paths must not be folded for a file or a pipe.
    private const int WidthOfAPipe = 200;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    private static readonly JsonSerializerOptions JsonLine = new(Json) { WriteIndented = false };

    private readonly TextWriter output;
    private readonly TextWriter error;

    private Terminal(TextWriter output, TextWriter error)
    {
        this.output = output;
        this.error = error;
        Results = ConsoleOver(output);
        Notes = ConsoleOver(error);
    }

    /// <summary>For tables and texts that are the command's result.</summary>
    public IAnsiConsole Results { get; }

    /// <summary>For progress, hints and warnings; never mixed into a script's input.</summary>
    public IAnsiConsole Notes { get; }

    /// <summary>The streams that this command was started with.</summary>
    public static Terminal Of(ParseResult result) => new(result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);

    /// <summary>Writes one JSON object to standard output, with names in snake case.</summary>
    public void WriteJson<T>(T value) => output.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>Writes one JSON object on one line, for streams of objects.</summary>
    public void WriteJsonLine<T>(T value) => output.WriteLine(JsonSerializer.Serialize(value, JsonLine));

    /// <summary>A line of the result, never folded.</summary>
    public void WriteLine(string line) => output.WriteLine(line);

    /// <summary>A line beside the result, never folded.</summary>
    public void WriteNote(string line) => error.WriteLine(line);

    /// <summary>Runs work under a progress bar on <see cref="Notes"/>; the work reports fractions from 0 to 1.</summary>
    public T Progress<T>(string label, Func<IProgress<double>, T> work) => ProgressBar().Start(context => work(new ProgressOf(context.AddTask(Markup.Escape(label)))));

    /// <inheritdoc cref="Progress"/>
    public Task<T> ProgressAsync<T>(string label, Func<IProgress<double>, Task<T>> work) =>
        ProgressBar().StartAsync(context => work(new ProgressOf(context.AddTask(Markup.Escape(label)))));

    /// <summary>Writes the one line that ends a failed command.</summary>
    public static void WriteError(TextWriter error, string message)
    {
        // Only the word goes through the console, which would fold a long message in the middle of a path.
        ConsoleOver(error).Write(new Text("error: ", new Style(Color.Red)));
        error.WriteLine(message);
    }

    private Progress ProgressBar() => Notes.Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());

    private static IAnsiConsole ConsoleOver(TextWriter writer)
    {
        var target = new AnsiConsoleOutput(writer);
        if (target.IsTerminal)
            return AnsiConsole.Create(new AnsiConsoleSettings { Out = target });

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = target, Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = WidthOfAPipe;
        return console;
    }

    /// <summary>Reports at once, on the caller's thread; <see cref="System.Progress{T}"/> would post and lose the order.</summary>
    private sealed class ProgressOf(ProgressTask task) : IProgress<double>
    {
        public void Report(double value) => task.Value = task.MaxValue * value;
    }
}
