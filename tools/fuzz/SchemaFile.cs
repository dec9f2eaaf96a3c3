using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace Penstock.Tools.Fuzz;

/// <summary>A schema of a collection: a tar.gz of JSON files with a member <c>schema</c>.</summary>
internal sealed record SchemaFile(string Name, JsonElement Schema)
{
    /// <summary>So many of the collection, spread over it.</summary>
    public static IReadOnlyList<SchemaFile> Spread(string path, int count)
    {
        var all = Read(path);
        return [.. Enumerable.Range(0, Math.Min(count, all.Count)).Select(i => all[(int)((long)i * all.Count / Math.Min(count, all.Count))])];
    }

    private static List<SchemaFile> Read(string path)
    {
        using var file = File.OpenRead(path);
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var reader = new TarReader(unpacked);
        var all = new List<SchemaFile>();
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not { } data || !entry.Name.EndsWith(".json", StringComparison.Ordinal))
                continue;

            using var document = JsonDocument.Parse(data);
            if (document.RootElement.TryGetProperty("schema", out var schema))
                all.Add(new SchemaFile(Path.GetFileNameWithoutExtension(entry.Name), schema.Clone()));
        }

        all.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return all;
    }
}
