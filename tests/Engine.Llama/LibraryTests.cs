using Penstock.Engine.Llama.Native;

namespace Penstock.Engine.Llama.Tests;

public sealed class LibraryTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("penstock-llama-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Load_EmptyFolder_SaysWhatIsMissingAndHowToInstall()
    {
        var missing = Assert.Throws<LlamaLibraryException>(() => LlamaLibrary.Load(folder));
        Assert.Contains(folder, missing.Message, StringComparison.Ordinal);
        Assert.Contains("npm ci", missing.Message, StringComparison.Ordinal);
        Assert.Contains(LlamaLibrary.Version, missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libllama.v0.5.0.so", "llama", true)]
    [InlineData("libllama.cuda.v0.5.0.so", "llama", true)]
    [InlineData("libllama.so", "llama", true)]
    [InlineData("libllama-common.so", "llama", false)]
    [InlineData("libggml-base.so", "ggml", false)]
    [InlineData("libggml-base.so", "ggml-base", true)]
    [InlineData("libllama.txt", "llama", false)]
    public void Library_NamesOfBuilds_AreFound(string file, string stem, bool found)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have other names.");
        File.WriteAllText(Path.Combine(folder, file), "");
        Assert.Equal(found, LibraryFolder.Library(folder, stem) is not null);
    }

    [Fact]
    public void Digest_UndefinedBytes_DoNotCount()
    {
        byte[] one = [1, 2, 3, 4], other = [1, 2, 99, 4];
        Assert.Equal(LibraryLayout.Digest(one, [2]), LibraryLayout.Digest(other, [2]));
        Assert.NotEqual(LibraryLayout.Digest(one, []), LibraryLayout.Digest(other, []));
    }
}
