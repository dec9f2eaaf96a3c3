using System.Text.Json;
using Penstock.Constraints.Json.Schemas;
using Penstock.Constraints.Json.Shapes;
using Penstock.Constraints.Tests.Json.Machine;
using Penstock.Constraints.Tests.Json.Shapes;

namespace Penstock.Constraints.Tests.Json.Schemas;

/// <summary><c>oneOf</c> over objects that overlap: exactly one branch holds, and the branches do not multiply.</summary>
public sealed class OneOfTests
{
    private static readonly string[] Names = ["a", "b", "c", "d"];
    private static readonly string?[] Choices = [null, "\"x\"", "\"y\"", "1", "true"];
    private static readonly string[] Conditions = ["""{"const": "x"}""", """{"enum": ["x", "y"]}""", """{"type": "string"}""", """{"type": ["number", "boolean"]}""", "true"];

    [Fact]
    public void Shapes_RandomBranches_HoldExactlyWhereOneBranchDoes()
    {
        var random = new Random(11);
        var values = Objects().ToArray();
        for (var round = 0; round < 150; round++)
        {
            using var schema = JsonDocument.Parse($"{{\"type\": \"object\", {Required(random)} \"oneOf\": [{string.Join(',', Enumerable.Range(0, random.Next(2, 6)).Select(_ => Branch(random)))}]}}");
            var compiled = JsonSchemaCompiler.Compile(schema.RootElement, Values.Patient);
            foreach (var value in values)
            {
                var expected = SimpleValidator.IsValid(schema.RootElement, value.RootElement);

                Assert.True(expected == (compiled.Ok && ShapeValidator.Accepts(compiled.Value.Root, value.RootElement)), $"{schema.RootElement} on {value.RootElement}: {compiled.Error?.Message}");
            }
        }
    }

    [Fact]
    public void Shapes_ClosedObjectsToldApartByAnOptionalKind_AreFew()
    {
        var branches = Enumerable.Range(0, 12).Select(i =>
            $"{{\"properties\": {{\"kind\": {{\"const\": \"k{i}\"}}, \"label\": {{\"type\": \"string\"}}, \"v{i}\": {{\"type\": \"string\"}}}}, \"required\": [\"label\"], \"additionalProperties\": false}}");

        var root = Root($"{{\"type\": \"object\", \"oneOf\": [{string.Join(',', branches)}]}}");

        Assert.InRange(root.Shapes.Count, 12, 24);
    }

    [Fact]
    public void Shapes_OpenObjectsWithDifferentRequiredProperties_AreAsManyAsBranches()
    {
        var branches = Enumerable.Range(0, 10).Select(i => $"{{\"properties\": {{\"v{i}\": {{\"type\": \"string\"}}}}, \"required\": [\"v{i}\"]}}");

        var root = Root($"{{\"type\": \"object\", \"oneOf\": [{string.Join(',', branches)}]}}");

        Assert.Equal(10, root.Shapes.Count);
    }

    [Fact]
    public void Shapes_KindThatOnlyTheOuterSchemaRequires_TellsBranchesApart()
    {
        var branches = Enumerable.Range(0, 10).Select(i =>
            $"{{\"properties\": {{\"kind\": {{\"enum\": [\"k{i}\"]}}, \"body\": {{\"type\": \"object\", \"properties\": {{\"a\": {{\"type\": \"string\"}}, \"b{i}\": {{\"type\": \"number\"}}}}}}}}}}");

        var root = Root($"{{\"type\": \"object\", \"required\": [\"kind\", \"body\"], \"oneOf\": [{string.Join(',', branches)}]}}");

        Assert.Equal(10, root.Shapes.Count);
    }

    [Theory]
    [InlineData("oneOf", "\"a\"", true)]
    [InlineData("oneOf", "\"b\"", false)]
    [InlineData("oneOf", "\"d\"", true)]
    [InlineData("oneOf", "\"e\"", false)]
    [InlineData("oneOf", "7", true)]
    [InlineData("anyOf", "\"b\"", true)]
    [InlineData("anyOf", "\"e\"", false)]
    public void Shapes_EnumerationsAsBranches_AreJoinedOnlyWhereNoTextStandsTwice(string keyword, string value, bool isValid)
    {
        using var json = JsonDocument.Parse(value);

        var root = Root($$"""{"{{keyword}}": [{"title": "A", "const": "a"}, {"enum": ["b", "c"]}, {"enum": ["b", "d"]}, {"type": "integer"}]}""");

        Assert.Equal(isValid, ShapeValidator.Accepts(root, json.RootElement));
    }

    [Theory]
    [InlineData("[\"a\"]", true)]
    [InlineData("[1]", true)]
    [InlineData("[\"a\", \"a\"]", false)]
    [InlineData("[\"a\", \"b\", 1]", false)]
    [InlineData("[]", false)]
    public void Shapes_BranchesThatAreBothUnique_NeedNoNegationOfIt(string value, bool isValid)
    {
        using var json = JsonDocument.Parse(value);

        var root = Root("""{"type": "array", "oneOf": [{"uniqueItems": true, "items": {"type": "string"}}, {"uniqueItems": true, "items": {"type": "number"}}]}""");

        Assert.Equal(isValid, ShapeValidator.Accepts(root, json.RootElement));
    }

    private static SchemaTerm Root(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        var compiled = JsonSchemaCompiler.Compile(document.RootElement, Values.Patient);
        return compiled.Ok ? compiled.Value.Root : throw new InvalidOperationException(compiled.Error.Message);
    }

    private static string Branch(Random random)
    {
        var properties = Names.Where(_ => random.Next(2) == 0).Select(name => $"\"{name}\": {Conditions[random.Next(Conditions.Length)]}");
        var closed = random.Next(3) == 0 ? "false" : "true";
        return $"{{\"type\": \"object\", {Required(random)} \"properties\": {{{string.Join(',', properties)}}}, \"additionalProperties\": {closed}}}";
    }

    private static string Required(Random random)
    {
        var names = Names.Where(_ => random.Next(4) == 0).Select(name => $"\"{name}\"");
        return $"\"required\": [{string.Join(',', names)}],";
    }

    private static IEnumerable<JsonDocument> Objects()
    {
        var count = (int)Math.Pow(Choices.Length, Names.Length);
        for (var i = 0; i < count; i++)
        {
            var rest = i;
            var members = new List<string>();
            foreach (var name in Names)
            {
                if (Choices[rest % Choices.Length] is { } value)
                {
                    members.Add($"\"{name}\": {value}");
                }

                rest /= Choices.Length;
            }

            yield return JsonDocument.Parse($"{{{string.Join(',', members)}}}");
        }
    }
}
