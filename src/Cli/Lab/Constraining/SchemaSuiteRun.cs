using System.Text.Json;
using Penstock.Constraints.Masks;

namespace Penstock.Cli.Lab.Constraining;

/// <summary>Runs JSON-Schema-Test-Suite on one thread.</summary>
internal sealed class SchemaSuiteRun(VocabularyTrie vocabulary, InstanceStyle style, TimeSpan groupTime, FailureList failures)
{
    private readonly TrialTimes times = new();
    private readonly SortedDictionary<string, SchemaSuiteCounts> folders = new(StringComparer.Ordinal);

    public SchemaSuiteReport Run(SchemaSuiteFiles suite, CancellationToken cancellationToken)
    {
        foreach (var (name, groups) in suite.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var folder = Path.GetDirectoryName(name)!.Replace('\\', '/');
            if (!folders.TryGetValue(folder.Length == 0 ? "required" : folder, out var counts))
                folders[folder.Length == 0 ? "required" : folder] = counts = new SchemaSuiteCounts();
            var number = 0;
            foreach (var group in groups.EnumerateArray())
                Run(name, number++, group, suite.Remotes, counts);
        }

        return SchemaSuiteReport.Of(folders, times);
    }

    private void Run(string file, int number, JsonElement group, IReadOnlyDictionary<string, JsonElement> remotes, SchemaSuiteCounts counts)
    {
        var tests = group.GetProperty("tests").EnumerateArray().ToList();
        var deadline = new Deadline(groupTime);
        try
        {
            var trial = SchemaTrial.Compile(group.GetProperty("schema"), remotes, vocabulary, style, times);
            if (!trial.Ok)
            {
                counts.Refused += tests.Count;
                failures.Add(new Failure(file, $"{number}", "compile", $"{group.GetProperty("description")}: {trial.Error.Message}"));
                return;
            }

            for (var test = 0; test < tests.Count; test++)
                Judge(trial.Value, file, $"{number}.{test}", tests[test], deadline, counts);
        }
        catch (Exception crash) when (crash is not OutOfMemoryException)
        {
            failures.Add(new Failure(file, $"{number}", "crash", crash.ToString()));
            counts.Crashes++;
        }
    }

    private void Judge(SchemaTrial trial, string file, string number, JsonElement test, Deadline deadline, SchemaSuiteCounts counts)
    {
        var valid = test.GetProperty("valid").GetBoolean();
        var result = trial.Try(test.GetProperty("data"), deadline);
        if (result.Accepted == valid)
        {
            counts.Right++;
            return;
        }

        if (valid)
            counts.FalseRejects++;
        else
            counts.FalseAccepts++;
        failures.Add(new Failure(file, number, valid ? "validation" : "invalidation", $"{test.GetProperty("description")}: {test.GetProperty("data").GetRawText()}: {result.Why}"));
    }
}
