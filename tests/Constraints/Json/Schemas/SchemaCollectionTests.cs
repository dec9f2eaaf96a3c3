using System.Buffers;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Penstock.Constraints.Json.Schemas;
using Penstock.Constraints.Json.Shapes;
using Penstock.Constraints.Tests.Json.Shapes;
using Penstock.Tests.Support;

namespace Penstock.Constraints.Tests.Json.Schemas;

/// <summary>A collection of real schemas with valid and invalid instances: one in twelve of them.</summary>
public sealed class SchemaCollectionTests
{
    private const int Stride = 12;

    [Fact]
    public void Compile_RealSchemas_AcceptAndRefuseTheirInstances()
    {
        var (files, refused, wrong) = (0, 0, new List<string>());
        foreach (var (name, document) in Files())
        {
            files++;
            var outcome = JsonSchemaCompiler.Compile(document.RootElement.GetProperty("schema"), Values.Patient);
            if (!outcome.Ok)
            {
                refused++;
                continue;
            }

            CheckShortest(outcome.Value.Root);
            wrong.AddRange(document.RootElement.GetProperty("tests").EnumerateArray().Index()
                .Where(test => test.Item.GetProperty("valid").GetBoolean() != ShapeValidator.Accepts(outcome.Value.Root, test.Item.GetProperty("data")))
                .Select(test => $"{name} #{test.Index}"));
        }

        Assert.Empty(wrong);
        Assert.InRange(refused, 0, files / 50);
    }

    private static void CheckShortest(SchemaTerm term)
    {
        var output = new ArrayBufferWriter<byte>();
        term.WriteShortest(output);

        using var value = JsonDocument.Parse(output.WrittenMemory);
        Assert.Equal(term.ShortestLength, output.WrittenCount);
        Assert.True(ShapeValidator.Accepts(term, value.RootElement), value.RootElement.GetRawText());
    }

    private static IEnumerable<(string Name, JsonDocument Document)> Files()
    {
        using var stream = new GZipStream(File.OpenRead(TestData.Path("maskbench-visible.tar.gz")), CompressionMode.Decompress);
        using var archive = new TarReader(stream);
        var index = 0;
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } content && entry.Name.EndsWith(".json", StringComparison.Ordinal) && index++ % Stride == 0)
            {
                using var document = JsonDocument.Parse(content, new() { MaxDepth = 512 });
                yield return (entry.Name, document);
            }
        }
    }
}
