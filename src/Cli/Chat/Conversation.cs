using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.AI;
using Penstock.Cli.Output;
using Penstock.Contracts.Errors;

namespace Penstock.Cli.Chat;

/// <summary>Question and answer in the terminal. The answer goes to the output, everything about it to the notes, so that a pipe gets the answer alone.</summary>
internal sealed class Conversation
{
    private readonly IChatSession session;
    private readonly ChatOptions options;
    private readonly StopKey stop;
    private readonly TextWriter output;
    private readonly TextWriter notes;
    private readonly List<ChatMessage> messages = [];

    public Conversation(IChatSession session, ChatOptions options, string? system, StopKey stop, TextWriter output, TextWriter notes)
    {
        (this.session, this.options, this.stop, this.output, this.notes) = (session, options, stop, output, notes);
        if (system is not null)
            messages.Add(new ChatMessage(ChatRole.System, system));
    }

    /// <summary>Asks until the input ends.</summary>
    /// <returns>Whether the last question was answered, which is how a user leaves; of a file or a pipe, whether all were.</returns>
    public async Task<int> RunAsync(TextReader input, bool redirected)
    {
        if (!redirected)
        {
            await notes.WriteLineAsync($"{session.Model}: ask something. Ctrl+C stops an answer, Ctrl+D ends.");
            if (session.Introduction is { } introduction)
                await notes.WriteLineAsync(introduction);
        }

        var exit = ExitCode.Done;
        while (true)
        {
            if (!redirected)
                await notes.WriteAsync("> ");
            if (await input.ReadLineAsync() is not { } line)
                break;
            if (!string.IsNullOrWhiteSpace(line))
                exit = Math.Max(redirected ? exit : ExitCode.Done, await AskAsync(line));
        }

        if (!redirected)
            await notes.WriteLineAsync();
        return exit;
    }

    /// <summary>Asks one question and shows the answer as it comes.</summary>
    public async Task<int> AskAsync(string question)
    {
        messages.Add(new ChatMessage(ChatRole.User, question));
        var answer = new StringBuilder();
        var received = 0;
        var stopped = false;
        var clock = Stopwatch.StartNew();
        TimeSpan? first = null;
        UsageDetails? usage = null;
        try
        {
            await foreach (var update in session.Client.GetStreamingResponseAsync(messages, options, stop.Begin()))
            {
                usage ??= update.Contents.OfType<UsageContent>().FirstOrDefault()?.Details;
                if (update.Text.Length == 0)
                    continue;
                if (received++ == 0)
                    first = clock.Elapsed;
                answer.Append(update.Text);
                await output.WriteAsync(update.Text);
                await output.FlushAsync();
            }
        }
        catch (OperationCanceledException)
        {
            stopped = true;
        }
        catch (PenstockException failure)
        {
            // A refused question is not part of the chat: the next one must not be refused for it too.
            messages.RemoveAt(messages.Count - 1);
            await notes.WriteLineAsync($"{(received > 0 ? Environment.NewLine : "")}error: {failure.Message}");
            return ExitCode.Failed;
        }
        finally
        {
            stop.End();
        }

        await output.WriteLineAsync();
        await notes.WriteLineAsync(Cost(session.LastCost(received), usage, stopped, clock.Elapsed, first));
        messages.Add(new ChatMessage(ChatRole.Assistant, answer.ToString()));
        return ExitCode.Done;
    }

    private static string Cost(AnswerCost cost, UsageDetails? usage, bool stopped, TimeSpan elapsed, TimeSpan? first)
    {
        var tokens = (int?)usage?.OutputTokenCount ?? cost.Sampled;
        var speed = tokens > 1 && elapsed - first is { Ticks: > 0 } decoding ? $", {(tokens - 1) / decoding.TotalSeconds:0} tokens/s" : "";
        var times = $"{elapsed.TotalSeconds:0.00} s{(first is { } shown ? $" (first after {shown.TotalMilliseconds:0} ms{speed})" : "")}";
        var count = tokens == 1 ? "1 token" : $"{tokens} tokens";
        return stopped ? $"[stopped: {count} sampled, {cost.Delivered} shown, {times}]" : $"[{count}, {times}]";
    }
}
