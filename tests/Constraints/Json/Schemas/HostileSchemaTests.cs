using System.Text;
using System.Text.Json;
using Penstock.Constraints.Json.Schemas;

namespace Penstock.Constraints.Tests.Json.Schemas;

/// <summary>Schemas that are meant to hold up a server: every one is answered within the bounds, most by a refusal that says which.</summary>
public sealed class HostileSchemaTests
{
    [Fact]
    public void Compile_DeeplyNestedArrays_IsRefusedByDepth() =>
        AssertRefused($"{{\"const\": {new string('[', 5_000)}{new string(']', 5_000)}}}", "deep");

    [Fact]
    public void Compile_DeeplyNestedSchemas_IsRefusedByDepth() =>
        AssertRefused(string.Concat(Enumerable.Repeat("{\"not\":", 5_000)) + "true" + new string('}', 5_000), "deep");

    [Fact]
    public void Compile_MoreThanTheLargestText_IsRefusedBySize() =>
        AssertRefused($"{{\"title\": \"{new string('x', ConstraintLimits.Default.SchemaBytes)}\"}}", "bytes");

    [Fact]
    public void Compile_OneOfNested12Deep_IsAnswered()
    {
        var schema = new StringBuilder("{\"minimum\": 0}");
        for (var depth = 1; depth <= 12; depth++)
        {
            schema.Insert(0, "{\"oneOf\": [").Append($", {{\"properties\": {{\"p{depth}\": {{\"type\": \"string\"}}}}}}, {{\"minLength\": {depth}}}]}}");
        }

        AssertAnswered(schema.ToString());
    }

    [Fact]
    public void Compile_ChainOf20000References_IsAnswered()
    {
        var schema = new StringBuilder("{\"$ref\": \"#/$defs/d0\", \"$defs\": {");
        for (var i = 0; i < 20_000; i++)
        {
            schema.Append($"\"d{i}\": {{\"$ref\": \"#/$defs/d{i + 1}\"}}, ");
        }

        AssertAnswered($"{schema}\"d20000\": {{\"type\": \"string\"}}}}}}");
    }

    [Theory]
    [InlineData("""{"$ref": "#"}""")]
    [InlineData("""{"allOf": [{"$ref": "#"}, {"type": "string"}]}""")]
    [InlineData("""{"not": {"$ref": "#"}}""")]
    [InlineData("""{"oneOf": [{"$ref": "#"}, {"$ref": "#"}]}""")]
    [InlineData("""{"propertyNames": {"$ref": "#"}, "type": ["string", "object"]}""")]
    public void Compile_SchemaThatIsItselfInPlace_IsAnswered(string schema) => AssertAnswered(schema);

    [Fact]
    public void Compile_LengthsOfAMillion_CostNothing()
    {
        var outcome = Compile("""{"type": "string", "maxLength": 1000000, "minLength": 3, "pattern": "^[a-z]"}""");

        Assert.Equal("\"a".Length + 3, outcome.Value!.Root.ShortestLength);
    }

    [Fact]
    public void Compile_ProductOfChoices_IsRefusedByABound()
    {
        var choices = Enumerable.Range(0, 30).Select(i => $"{{\"anyOf\": [{{\"required\": [\"a{i}\"]}}, {{\"properties\": {{\"b{i}\": {{\"type\": \"null\"}}}}}}]}}");

        AssertRefused($"{{\"type\": \"object\", \"allOf\": [{string.Join(',', choices)}]}}", "simplify");
    }

    [Fact]
    public void Compile_ArraysOfArraysThatMustBeLong_AreRefusedBySize()
    {
        var schema = new StringBuilder("{\"type\": \"null\"}");
        for (var depth = 0; depth < 8; depth++)
        {
            schema.Insert(0, "{\"type\": \"array\", \"minItems\": 1000, \"items\": ").Append('}');
        }

        AssertRefused(schema.ToString(), "bytes");
    }

    [Fact]
    public void Compile_TimeIsUp_IsRefusedByTime()
    {
        using var document = JsonDocument.Parse($"{{\"enum\": [{string.Join(',', Enumerable.Range(0, 1000))}]}}");

        var outcome = JsonSchemaCompiler.Compile(document.RootElement, time: new ClockThatRaces());

        Assert.Contains("longer than", outcome.Error!.Message);
    }

    private static void AssertAnswered(string schema)
    {
        var outcome = Compile(schema);
        Assert.True(outcome.Ok || outcome.Error.Message.Contains("(at #", StringComparison.Ordinal));
    }

    private static void AssertRefused(string schema, string word) => Assert.Contains(word, Compile(schema).Error!.Message);

    private static Contracts.Outcome<CompiledSchema> Compile(string schema)
    {
        using var document = JsonDocument.Parse(schema, new() { MaxDepth = 20_000 });
        return JsonSchemaCompiler.Compile(document.RootElement, Values.Patient);
    }

    /// <summary>Two seconds pass between any two looks at it.</summary>
    private sealed class ClockThatRaces : TimeProvider
    {
        private long looks;

        public override long GetTimestamp() => ++looks * 2 * TimestampFrequency;
    }
}
