namespace Penstock.Models.Tests;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("penstock-models-");

    public string File(string name) => Path.Combine(folder.FullName, name);

    public IEnumerable<string> Names() => folder.EnumerateFiles().Select(file => file.Name);

    public void Dispose() => folder.Delete(recursive: true);
}
