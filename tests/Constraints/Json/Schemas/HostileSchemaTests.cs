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

    [Theory]
    [InlineData("""{"properties": {"x": {"$ref": "#/$defs/none"}}}""", "#/properties/x/$ref", "nowhere")]
    [InlineData("""{"properties": {"x": {"$ref": "http://example.com/a.json#/b"}}}""", "#/properties/x/$ref", "none is ever fetched")]
    [InlineData("""{"items": {"pattern": "(a)\\1"}}""", "#/items/pattern", "back-reference")]
    [InlineData("""{"items": {"type": "array", "contains": {"minimum": 3}, "minContains": 5000, "maxContains": 9000}}""", "#/items", "contains")]
    public void Compile_WhatIsNotSupported_IsRefusedAtItsPlace(string schema, string pointer, string word)
    {
        var error = Compile(schema).Error!;

        Assert.Equal(pointer, error.Param);
        Assert.Contains(word, error.Message);
    }

    [Theory]
    [InlineData(20_000, "nested")]
    [InlineData(60_000, "characters")]
    public void Compile_PatternOfNestedGroups_IsRefusedAtItsPlace(int groups, string word)
    {
        var error = Compile($"{{\"properties\": {{\"x\": {{\"pattern\": \"{new string('(', groups)}a{new string(')', groups)}\"}}}}}}").Error!;

        Assert.Equal("#/properties/x/pattern", error.Param);
        Assert.Contains(word, error.Message);
    }

    [Fact]
    public void Compile_PatternsThatExplodeTogether_AreRefusedByStatesAtTheirPlace()
    {
        using var document = JsonDocument.Parse("""{"properties": {"x": {"allOf": [{"pattern": "(a|b)*a(a|b){40}"}, {"pattern": "(a|b)*b(a|b){37}c"}, {"not": {"pattern": "(x|a)*a(a|b){33}"}}]}}}""");

        var error = JsonSchemaCompiler.Compile(document.RootElement, Values.Patient with { Texts = new() { Nodes = 50_000 } }).Error!;

        Assert.Equal("#/properties/x", error.Param);
        Assert.Contains("50000 states", error.Message);
    }

    [Fact]
    public void Compile_OneOfInEachBranchOfOneOf_IsRefusedByStepsAtItsPlace()
    {
        using var document = JsonDocument.Parse(Nested(9));

        var error = JsonSchemaCompiler.Compile(document.RootElement, Values.Patient with { Steps = 20_000 }).Error!;

        Assert.StartsWith("#/oneOf/0", error.Param);
        Assert.Contains("20000 steps", error.Message);

        static string Nested(int depth) => depth == 0
            ? """{"required": ["a"]}"""
            : $"{{\"oneOf\": [{string.Join(',', Enumerable.Range(0, 2).Select(i => $"{{\"required\": [\"k{depth}{i}\"], \"allOf\": [{Nested(depth - 1)}]}}"))}]}}";
    }

    [Fact]
    public void Compile_ChainOf20000Dependencies_IsAnswered()
    {
        var links = Enumerable.Range(0, 20_000).Select(i => $"\"p{i}\": [\"p{i + 1}\"]");

        AssertAnswered($"{{\"required\": [\"p0\"], \"dependentRequired\": {{{string.Join(',', links)}}}}}");
    }

    [Theory]
    [InlineData("\"properties\": {{{0}}}", "\"p{0}\": {{\"maxLength\": {0}}}", 20_000)]
    [InlineData("\"dependentRequired\": {{{0}}}", "\"p{0}\": [\"q{0}\"]", 20_000)]
    [InlineData("\"required\": [{0}]", "\"p{0}\"", 50_000)]
    [InlineData("\"enum\": [{0}]", "\"value {0}\"", 30_000)]
    [InlineData("\"anyOf\": [{0}]", "{{\"const\": \"v{0}\", \"maxLength\": {0}}}", 20_000)]
    [InlineData("\"oneOf\": [{0}]", "{{\"required\": [\"p{0}\"]}}", 20_000)]
    [InlineData("\"allOf\": [{0}]", "{{\"properties\": {{\"p{0}\": {{\"minimum\": {0}}}}}}}", 20_000)]
    [InlineData("\"propertyNames\": {{\"pattern\": \"^[ab]{{12}}$\"}}, \"minProperties\": 3000, \"title\": \"{0}\"", "{0}", 1)]
    public void Compile_LargeSchema_LooksAtTheClockBetweenPortionsOfWork(string schema, string member, int count)
    {
        var members = string.Join(',', Enumerable.Range(0, count).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, member, i)));
        using var document = JsonDocument.Parse($"{{{string.Format(System.Globalization.CultureInfo.InvariantCulture, schema, members)}}}");
        var clock = new ClockThatWatchesMemory();

        var outcome = JsonSchemaCompiler.Compile(document.RootElement, ConstraintLimits.Default with { Time = TimeSpan.FromSeconds(1) }, clock);

        Assert.True(outcome.Ok || outcome.Error.Message.Contains("(at #", StringComparison.Ordinal));
        Assert.InRange(clock.Largest, 0, 64 * 1024 * 1024);
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

    /// <summary>A tenth of a millisecond passes at each look; keeps the most that its thread has allocated between two looks, a measure of work that needs no time.</summary>
    private sealed class ClockThatWatchesMemory : TimeProvider
    {
        private long looks;
        private long before = GC.GetAllocatedBytesForCurrentThread();

        public override long TimestampFrequency => 10_000;

        public long Largest { get; private set; }

        public override long GetTimestamp()
        {
            var now = GC.GetAllocatedBytesForCurrentThread();
            Largest = Math.Max(Largest, now - before);
            before = now;
            return ++looks;
        }
    }

    /// <summary>Two seconds pass between any two looks at it.</summary>
    private sealed class ClockThatRaces : TimeProvider
    {
        private long looks;

        public override long GetTimestamp() => ++looks * 2 * TimestampFrequency;
    }
}
