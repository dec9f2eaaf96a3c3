using System.Text.Json;
using Penstock.Cli.Output;

namespace Penstock.Cli.Lab.Constraining;

/// <summary>A checkout of JSON-Schema-Test-Suite, or the part of it for one draft: the tests, and the documents that their references lead to.</summary>
internal sealed class SchemaSuiteFiles
{
    /// <summary>Where the suite says that its remotes are.</summary>
    private const string RemoteRoot = "http://localhost:1234/";

    private SchemaSuiteFiles(IReadOnlyList<(string Name, JsonElement Groups)> files, IReadOnlyDictionary<string, JsonElement> remotes)
    {
        Files = files;
        Remotes = remotes;
    }

    /// <summary>The test files by their path below the draft's folder.</summary>
    public IReadOnlyList<(string Name, JsonElement Groups)> Files { get; }

    /// <summary>Documents by address; nothing else is ever looked up, and nothing is fetched.</summary>
    public IReadOnlyDictionary<string, JsonElement> Remotes { get; }

    /// <param name="folder">The draft's folder, or the one that has <c>draft2020-12</c> in it.</param>
    public static SchemaSuiteFiles Read(string folder)
    {
        string[] candidates = [Path.Combine(folder, "draft2020-12"), Path.Combine(folder, "tests", "draft2020-12"), folder];
        var tests = candidates.FirstOrDefault(Directory.Exists) ?? throw new CommandException($"There is no folder at {folder}.", ExitCode.WrongUsage);
        var files = Json(tests).Select(file => (file.Name, file.Json)).OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        if (files.Count == 0)
            throw new CommandException($"There are no .json files in {tests}.");

        string[] around = [tests, Path.Combine(tests, ".."), Path.Combine(tests, "..", "..")];
        var remotes = around.Select(place => Path.Combine(place, "remotes")).FirstOrDefault(Directory.Exists);
        return new SchemaSuiteFiles(files, remotes is null ? new Dictionary<string, JsonElement>() : Json(remotes).ToDictionary(file => RemoteRoot + file.Name, file => file.Json, StringComparer.Ordinal));
    }

    private static IEnumerable<(string Name, JsonElement Json)> Json(string folder) =>
        Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .Select(path => (Path.GetRelativePath(folder, path).Replace('\\', '/'), JsonElement.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 1000 })));
}
