namespace Penstock.Cli.Models;

/// <summary>Where <c>pebble</c>, the model that comes with Penstock, lies.</summary>
public static class EmbeddedModel
{
    private const string Name = "pebble.gguf";

    /// <summary>Its path, or null: in <c>models/</c> beside the program, or in the repository that the program was built in or is run from.</summary>
    public static string? Find() => FoldersToSearch().Select(folder => Path.Combine(folder, "models", Name)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> FoldersToSearch()
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Environment.CurrentDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                yield return folder.FullName;
        }
    }
}
