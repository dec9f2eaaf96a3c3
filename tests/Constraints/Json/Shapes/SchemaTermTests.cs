using System.Text.Json;
using Penstock.Constraints.Json.Schemas;
using Penstock.Constraints.Json.Shapes;
using Penstock.Constraints.Tests.Json.Schemas;

namespace Penstock.Constraints.Tests.Json.Shapes;

public sealed class SchemaTermTests
{
    [Fact]
    public void Shapes_OneOfWithAnEnumeratedKind_HasOneShapeForEachBranch()
    {
        var branches = Enumerable.Range(0, 40).Select(i => $"{{\"properties\": {{\"kind\": {{\"const\": \"k{i}\"}}, \"v{i}\": {{\"type\": \"number\"}}}}, \"required\": [\"kind\"]}}");

        var root = Root($"{{\"type\": \"object\", \"oneOf\": [{string.Join(',', branches)}]}}");

        Assert.Equal(40, root.Shapes.Count);
    }

    [Fact]
    public void Shapes_ManyConditionsOnOneKind_AreNotMultiplied()
    {
        var conditions = Enumerable.Range(0, 60).Select(i => $"{{\"if\": {{\"properties\": {{\"kind\": {{\"const\": \"k{i}\"}}}}}}, \"then\": {{\"required\": [\"v{i}\"]}}}}");
        var kinds = string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"k{i}\""));

        var root = Root($"{{\"type\": \"object\", \"properties\": {{\"kind\": {{\"enum\": [{kinds}]}}}}, \"required\": [\"kind\"], \"allOf\": [{string.Join(',', conditions)}]}}");

        Assert.InRange(root.Shapes.Count, 60, 61);
    }

    [Fact]
    public void Shapes_EnumOfEachType_AreJoinedByType()
    {
        var root = Root("""{"anyOf": [{"const": 1}, {"const": 2}, {"const": "a"}, {"enum": ["b", "c"]}, {"const": null}]}""");

        Assert.Equal(3, root.Shapes.Count);
        Assert.Equal(2, root.Shapes.OfType<NumberShape>().Single().Values!.Count);
    }

    [Fact]
    public void Shapes_ClosedObject_HasNoOthersAndKnowsItsNames()
    {
        var shape = Assert.IsType<ObjectShape>(Assert.Single(Root("""{"type": "object", "properties": {"b": true, "a": true}, "required": ["a"], "additionalProperties": false}""").Shapes));

        Assert.Empty(shape.Others);
        Assert.Equal(["b", "a"], shape.Named.Select(property => System.Text.Encoding.UTF8.GetString(property.Name.Span)));
        Assert.Equal([false, true], shape.Named.Select(property => property.IsRequired));
    }

    [Fact]
    public void Shapes_PatternsOfProperties_DivideTheOtherNames()
    {
        var shape = Assert.IsType<ObjectShape>(Assert.Single(Root("""{"type": "object", "patternProperties": {"^a": {"type": "number"}, "b$": {"minimum": 5}}}""").Shapes));

        Assert.Equal(4, shape.Others.Count);
        foreach (var name in new[] { "a", "b", "ab", "c" })
        {
            Assert.Single(shape.Others, other => other.Names.Matches(System.Text.Encoding.UTF8.GetBytes(name)));
        }
    }

    [Fact]
    public void IsSatisfiable_RecursionWithoutAnEnd_IsFalse()
    {
        var root = Root("""{"properties": {"next": {"$ref": "#/$defs/node"}}, "$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}, "required": ["next"]}}}""");

        var shape = root.Shapes.OfType<ObjectShape>().Single();
        Assert.False(shape.Named[0].Value.IsSatisfiable);
    }

    [Theory]
    [InlineData("""{"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "integer", "minimum": 10}, "b": {"$ref": "#"}}, "anyOf": [{"maxProperties": 9}, true]}""", null)]
    [InlineData("""{"type": ["object", "null"], "required": ["a"], "properties": {"a": {"$ref": "#"}}}""", "null")]
    [InlineData("""{"type": "array", "minItems": 3, "uniqueItems": true, "items": {"type": "boolean"}}""", null)]
    [InlineData("""{"type": "array", "minItems": 2, "uniqueItems": true, "items": {"type": "boolean"}}""", "[true,false]")]
    [InlineData("""{"type": "array", "contains": {"const": 7}, "minContains": 2, "maxContains": 2, "items": {"type": "integer"}, "minItems": 3}""", "[0,7,7]")]
    [InlineData("""{"type": "object", "minProperties": 2, "propertyNames": {"enum": ["x", "y"]}}""", """{"x":0,"y":0}""")]
    [InlineData("""{"type": "string", "pattern": "^a{3}$", "minLength": 4}""", null)]
    [InlineData("""{"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 2}""", "1.01")]
    [InlineData("""{"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 2}""", null)]
    [InlineData("""{"type": "string", "enum": ["\"\\\n"]}""", "\"\\\"\\\\\\u000a\"")]
    public void WriteShortest_OfATerm_IsAValueOrThereIsNone(string schema, string? expected)
    {
        using var document = JsonDocument.Parse(schema);

        var outcome = JsonSchemaCompiler.Compile(document.RootElement, Values.Patient);

        Assert.Equal(expected, outcome.Ok ? Values.Shortest(outcome.Value.Root) : null);
    }

    [Fact]
    public void Not_OfATerm_TakesEveryOtherValue()
    {
        var root = Root("""{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}""");

        using var values = JsonDocument.Parse("""[{"a": "x"}, {"a": 1}, {}, 1, "x", null, [], true]""");
        Assert.All(values.RootElement.EnumerateArray(), value => Assert.NotEqual(ShapeValidator.Accepts(root, value), ShapeValidator.Accepts(root.Not(), value)));
        Assert.False(root.And(root.Not()).IsSatisfiable);
    }

    private static SchemaTerm Root(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return JsonSchemaCompiler.Compile(document.RootElement, Values.Patient).OrThrow().Root;
    }
}
