using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Penstock.Cli.Output;

namespace Penstock.Cli.Lab.Constraining;

/// <summary>The files of a maskbench archive (tar, gzipped) or of a folder, in the order of their names.</summary>
internal static class MaskbenchFiles
{
    /// <summary>Reads them into memory.</summary>
    /// <param name="path">The archive or folder.</param>
    public static IReadOnlyList<(string Name, byte[] Json)> Read(string path)
    {
        var files = Directory.Exists(path) ? FromFolder(path) : File.Exists(path) ? FromArchive(path) : throw new CommandException($"There is nothing at {path}.", ExitCode.WrongUsage);
        if (files.Count == 0)
            throw new CommandException($"There are no .json files in {path}.");
        return [.. files.OrderBy(file => file.Name, StringComparer.Ordinal)];
    }

    /// <summary>The schema and the tests of a file, which live as long as the document.</summary>
    public static (JsonElement Schema, IReadOnlyList<JsonElement> Tests) Parts(JsonDocument document)
    {
        var root = document.RootElement;
        return (root.GetProperty("schema"), [.. root.GetProperty("tests").EnumerateArray()]);
    }

    private static List<(string Name, byte[] Json)> FromFolder(string path) =>
        [.. Directory.EnumerateFiles(path, "*.json").Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))];

    private static List<(string Name, byte[] Json)> FromArchive(string path)
    {
        var files = new List<(string Name, byte[] Json)>();
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var archive = new TarReader(gzip);
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null || !entry.Name.EndsWith(".json", StringComparison.Ordinal))
                continue;
            using var json = new MemoryStream();
            entry.DataStream.CopyTo(json);
            files.Add((Path.GetFileName(entry.Name), json.ToArray()));
        }

        return files;
    }
}
