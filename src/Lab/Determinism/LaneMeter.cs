using Penstock.Lab.Subjects;

namespace Penstock.Lab.Determinism;

/// <summary>Measures the throughput of some streams at once without determinism and, where it is asked for, with it: in interleaved rounds, so that what else the machine does falls on both alike.</summary>
internal sealed class LaneMeter(ISubject subject, Question form, int streams, TimeProvider time)
{
    public async Task<LaneCost?> MeasureAsync(int rounds, CancellationToken cancellationToken)
    {
        var (plain, lane) = (new double[rounds], new double[rounds]);
        await RoundAsync(-1, form.Deterministic, cancellationToken);
        for (var round = 0; round < rounds; round++)
        {
            // Who goes first alternates: a machine that gets slower favours neither.
            foreach (var deterministic in (bool[])(form.Deterministic ? [round % 2 == 0, round % 2 != 0] : [false]))
                (deterministic ? lane : plain)[round] = await RoundAsync(round, deterministic, cancellationToken);
        }

        if (plain.Concat(form.Deterministic ? lane : []).Any(value => value == 0))
            return null;
        return form.Deterministic
            ? new LaneCost(rounds, Math.Round(Median(plain), 2), Math.Round(Median(lane), 2), Math.Round(Median([.. lane.Zip(plain, (with, without) => with / without)]), 4))
            : new LaneCost(rounds, Math.Round(Median(plain), 2), null, null);
    }

    // Prompts differ from stream to stream: a shared prefix would be measured instead.
    private async Task<double> RoundAsync(int round, bool deterministic, CancellationToken cancellationToken)
    {
        var from = time.GetTimestamp();
        var answers = await Task.WhenAll(Enumerable.Range(0, streams).Select(stream => subject.AskAsync(
            form with { Prompt = $"{(round * streams) + stream}. {form.Prompt}", Stream = true, Deterministic = deterministic }, cancellationToken)));
        cancellationToken.ThrowIfCancellationRequested();
        var seconds = time.GetElapsedTime(from).TotalSeconds;
        return answers.All(answer => answer.End == AnswerEnd.Whole) ? answers.Sum(answer => answer.OutputTokens ?? 0) / seconds : 0;
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
