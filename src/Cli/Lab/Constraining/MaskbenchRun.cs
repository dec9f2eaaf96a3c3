using System.Text.Json;
using Penstock.Constraints.Masks;

namespace Penstock.Cli.Lab.Constraining;

/// <summary>Runs maskbench files one after another on one thread: a file passes when its schema compiles and every instance comes out as the data says.</summary>
internal sealed class MaskbenchRun(VocabularyTrie vocabulary, InstanceStyle style, TimeSpan fileTime, FailureList failures)
{
    private readonly TrialTimes times = new();
    private readonly JsonDocumentOptions reading = new() { MaxDepth = 1000 };
    private readonly Dictionary<string, JsonElement> noDocuments = [];
    private readonly MaskbenchCounts counts = new();
    private (string Name, double Ms) slowest = ("", 0);

    /// <summary>Runs files without counting them, so that what is measured is not the just-in-time compiler.</summary>
    public void WarmUp(IEnumerable<(string Name, byte[] Json)> files)
    {
        using var nowhere = new FailureList(null);
        var run = new MaskbenchRun(vocabulary, style, fileTime, nowhere);
        foreach (var (name, json) in files)
            run.Run(name, json);
    }

    public void Run(string name, byte[] json)
    {
        using var document = JsonDocument.Parse(json, reading);
        var (schema, tests) = MaskbenchFiles.Parts(document);
        var deadline = new Deadline(fileTime);
        Verdict verdict;
        try
        {
            verdict = Judge(name, schema, tests, deadline);
        }
        catch (Exception crash) when (crash is not OutOfMemoryException)
        {
            failures.Add(new Failure(name, null, "crash", crash.ToString()));
            verdict = Verdict.Crash;
        }

        counts.Add(verdict);
        times.Whole.Add(deadline.Elapsed);
        if (deadline.Elapsed.TotalMilliseconds > slowest.Ms)
            slowest = (name, deadline.Elapsed.TotalMilliseconds);
    }

    public MaskbenchReport Report() => counts.Report(times, slowest.Name);

    private Verdict Judge(string name, JsonElement schema, IReadOnlyList<JsonElement> tests, Deadline deadline)
    {
        var trial = SchemaTrial.Compile(schema, noDocuments, vocabulary, style, times);
        if (!trial.Ok)
        {
            failures.Add(new Failure(name, null, "compile", trial.Error.Message));
            return Verdict.CompileError;
        }

        var verdict = Verdict.Pass;
        for (var test = 0; test < tests.Count; test++)
        {
            var valid = tests[test].GetProperty("valid").GetBoolean();
            var result = trial.Value.Try(tests[test].GetProperty("data"), deadline);
            if (deadline.IsOver)
            {
                failures.Add(new Failure(name, $"{test}", "timeout", $"{deadline.Elapsed.TotalSeconds:0.0} s"));
                return Verdict.TimeOut;
            }

            if (result.Accepted == valid)
                continue;

            var reason = tests[test].TryGetProperty("python_error", out var error) ? error.ToString() : null;
            failures.Add(new Failure(name, $"{test}", valid ? "validation" : "invalidation", valid ? result.Why : reason));
            // An invalid instance that is accepted is the worse of the two.
            verdict = valid && verdict != Verdict.InvalidationError ? Verdict.ValidationError : Verdict.InvalidationError;
        }

        return verdict;
    }
}
