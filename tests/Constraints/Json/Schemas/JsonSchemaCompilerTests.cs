using System.Text.Json;
using Penstock.Constraints.Json.Schemas;
using Penstock.Constraints.Tests.Json.Shapes;
using Penstock.Contracts;

namespace Penstock.Constraints.Tests.Json.Schemas;

public sealed class JsonSchemaCompilerTests
{
    [Theory]
    [InlineData("""{"properties": {"a": {"$ref": "#/nowhere"}}}""", "#/properties/a/$ref")]
    [InlineData("""{"items": {"$ref": "https://example.com/other.json"}}""", "#/items/$ref")]
    [InlineData("""{"properties": {"a/b": {"pattern": "(a)\\1"}}}""", "#/properties/a~1b/pattern")]
    [InlineData("""{"anyOf": [{"type": "strin"}]}""", "#/anyOf/0/type")]
    [InlineData("""{"minLength": "5"}""", "#/minLength")]
    [InlineData("""{"minLength": -1}""", "#/minLength")]
    [InlineData("""{"multipleOf": 0}""", "#/multipleOf")]
    [InlineData("""{"properties": {"a": 5}}""", "#/properties/a")]
    [InlineData("""{"not": {"uniqueItems": true}}""", "#/not/uniqueItems")]
    [InlineData("""{"properties": {"a": {"minItems": 1000000}}}""", "#/properties/a")]
    [InlineData("""{"type": "string", "minimum": 5, "enum": [1]}""", "#")]
    [InlineData("""{"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}""", "#")]
    [InlineData("\"text\"", "#")]
    [InlineData("""{"pattern": "\ud800"}""", "#")]
    public void Compile_WhatCannotBeEnforced_IsRefusedByPointer(string schema, string pointer)
    {
        var outcome = Compile(schema);

        Assert.False(outcome.Ok);
        Assert.Equal(pointer, outcome.Error!.Param);
        Assert.Contains($"(at {pointer})", outcome.Error.Message);
    }

    [Theory]
    [InlineData("""{"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 1, "exclusiveMinimum": true}""", "[2, 1.5]", "[1, 0]")]
    [InlineData("""{"$schema": "http://json-schema.org/draft-04/schema#", "type": "integer"}""", "[1, -5]", "[1.0, 1e1]")]
    [InlineData("""{"type": "integer"}""", "[1, 1.0, 1e1, 120e-1]", "[1.5, 15e-1]")]
    [InlineData("""{"$schema": "http://json-schema.org/draft-07/schema#", "$ref": "#/definitions/a", "type": "string", "definitions": {"a": {"type": "number"}}}""", "[1]", "[\"1\"]")]
    [InlineData("""{"$ref": "#/$defs/a", "minimum": 2, "$defs": {"a": {"type": "number"}}}""", "[2]", "[1, \"1\"]")]
    [InlineData("""{"items": [{"type": "number"}], "additionalItems": false}""", "[[], [1], 1]", "[[\"1\"], [1, 2]]")]
    [InlineData("""{"dependencies": {"a": ["b"], "c": {"required": ["d"]}}}""", """[{"a": 1, "b": 1}, {"c": 1, "d": 1}, {}]""", """[{"a": 1}, {"c": 1}]""")]
    [InlineData("""{"$schema": "http://json-schema.org/draft-07/schema#", "$ref": "#x", "definitions": {"a": {"$id": "#x", "const": 1}}}""", "[1]", "[2]")]
    public void Compile_OlderDrafts_MeanWhatTheyMeant(string schema, string valid, string invalid) => AssertValues(schema, valid, invalid);

    [Theory]
    [InlineData("""{"multipleOf": 0.01, "not": {"multipleOf": 0.02}}""", "[0.01, 0.07]", "[0.02, 0.005, \"x\"]")]
    [InlineData("""{"enum": [1.0, {"a": [1, null]}, "x"]}""", """[1, 1e0, {"a": [1.0, null]}, "x"]""", """[2, {"a": [1]}, {}, {"a": [1, null], "b": 1}]""")]
    [InlineData("""{"not": {"items": {"type": "number"}}}""", "[[1, \"x\"]]", "[[1], [], 5]")]
    [InlineData("""{"not": {"contains": {"const": 1}, "minContains": 2}}""", "[[1], [2, 2], []]", "[[1, 1], {}]")]
    [InlineData("""{"not": {"properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "number"}}}""", """[{"a": 1}, {"b": "x"}]""", """[{"a": "x", "b": 1}, {}, 1]""")]
    [InlineData("""{"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}""", """[{"a": 1}, {"b": 1}]""", """[{"a": 1, "b": 1}, {}]""")]
    [InlineData("""{"oneOf": [{"minimum": 2}, {"multipleOf": 2}]}""", "[3, 0, -2]", "[4, 1, \"x\"]")]
    [InlineData("""{"maxProperties": 1, "not": {"patternProperties": {"a": false}}, "allOf": [{"not": {"patternProperties": {"b": {"type": "string"}}}}]}""", """[{"ab": 1}]""", """[{"ab": "x"}, {"a": 1}, {}]""")]
    [InlineData("""{"propertyNames": {"maxLength": 2}, "dependentRequired": {"a": ["abc"]}}""", """[{"b": 1}, {}]""", """[{"a": 1}, {"abc": 1}]""")]
    [InlineData("""{"anyOf": [{"properties": {"a": true}, "required": ["a"]}, {"properties": {"b": true}}], "unevaluatedProperties": false}""", """[{"a": 1, "b": 1}, {"b": 1}, {}]""", """[{"c": 1}]""")]
    [InlineData("""{"prefixItems": [true], "contains": {"const": 1}, "unevaluatedItems": {"type": "string"}}""", "[[5, 1, \"x\"], [1]]", "[[5, 1, 2], []]")]
    public void Compile_LogicOverValues_IsExact(string schema, string valid, string invalid) => AssertValues(schema, valid, invalid);

    [Fact]
    public void Compile_EveryKeywordRead_IsInTheReport()
    {
        var compiled = Compile("""{"title": "t", "type": "array", "uniqueItems": true, "items": {"$ref": "#/$defs/a"}, "$defs": {"a": {"format": "made-up"}, "b": {"type": "string"}}}""").OrThrow();

        var uses = compiled.Report.Uses.ToDictionary(use => use.Pointer, use => use.Treatment);
        Assert.Equal(KeywordTreatment.Annotation, uses["#/title"]);
        Assert.Equal(KeywordTreatment.Enforced, uses["#/type"]);
        Assert.Equal(KeywordTreatment.CheckedAtEnd, uses["#/uniqueItems"]);
        Assert.Equal(KeywordTreatment.Annotation, uses["#/$defs/a/format"]);
        Assert.DoesNotContain("#/$defs/b/type", uses.Keys);
    }

    [Fact]
    public void Compile_DocumentsGiven_AreReferredToWithoutFetching()
    {
        using var other = JsonDocument.Parse("""{"$defs": {"x": {"const": 7}}}""");
        using var schema = JsonDocument.Parse("""{"$ref": "https://example.com/other.json#/$defs/x"}""");

        var outcome = JsonSchemaCompiler.Compile(schema.RootElement, Values.Patient, others: new Dictionary<string, JsonElement> { ["https://example.com/other.json"] = other.RootElement });

        Assert.Equal("7", Values.Shortest(outcome.OrThrow().Root));
    }

    private static void AssertValues(string schema, string valid, string invalid)
    {
        var root = Compile(schema).OrThrow().Root;
        using var these = JsonDocument.Parse(valid);
        using var others = JsonDocument.Parse(invalid);
        Assert.All(these.RootElement.EnumerateArray(), value => Assert.True(ShapeValidator.Accepts(root, value), $"refuses {value.GetRawText()}"));
        Assert.All(others.RootElement.EnumerateArray(), value => Assert.False(ShapeValidator.Accepts(root, value), $"accepts {value.GetRawText()}"));
    }

    private static Outcome<CompiledSchema> Compile(string schema)
    {
        var document = JsonDocument.Parse(schema);
        return JsonSchemaCompiler.Compile(document.RootElement, Values.Patient);
    }
}
