using Penstock.Models.Fingerprints;
using Penstock.Models.Gguf;
using Penstock.Tests.Support;

namespace Penstock.Engine.Cpu.Tests.Support;

/// <summary>The model of a fixture: made again, or the file in the repository.</summary>
internal sealed class RecordedModel : IDisposable
{
    private readonly TinyModel? made;

    private RecordedModel(TinyModel? made, GgufFile file) => (this.made, File) = (made, file);

    public GgufFile File { get; }

    public static RecordedModel Open(OracleFixture fixture)
    {
        var made = fixture.Random is { } options ? new TinyModel(options) : null;
        var model = new RecordedModel(made, made?.File ?? GgufFile.Open(TestData.InRepository(fixture.File!)));
        Assert.True(
            ModelFingerprint.Compute(model.File) == fixture.Fingerprint,
            $"{fixture.File ?? "The random model"} is not the one whose answers were recorded; record them again: in tools/oracle 'npm ci --ignore-scripts', then 'dotnet run -c Release -- fixtures ../..'.");
        return model;
    }

    public void Dispose()
    {
        File.Dispose();
        made?.Dispose();
    }
}
