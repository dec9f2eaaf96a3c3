namespace Penstock.Constraints.Tests.Json.Machine;

/// <summary>Small schemas of the keywords that <see cref="SimpleValidator"/> knows. Some have no instance.</summary>
internal static class RandomSchema
{
    public static string Make(Random random, int depth) => random.Next(depth > 0 ? 12 : 7) switch
    {
        0 => "true",
        1 => $$"""{"type":"string"{{Some(random, $",\"minLength\":{random.Next(4)}")}}{{Some(random, $",\"maxLength\":{3 + random.Next(4)}")}}}""",
        2 => $$"""{"type":"integer"{{Some(random, $",\"minimum\":{random.Next(-50, 50)}")}}{{Some(random, $",\"maximum\":{random.Next(50, 2_000)}")}}}""",
        3 => $$"""{"type":"number"{{Some(random, $",\"exclusiveMinimum\":{random.Next(-9, 9)}.5")}}{{Some(random, $",\"multipleOf\":0.{random.Next(1, 9)}")}}}""",
        4 => $$"""{"enum":[{{string.Join(',', Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Constant(random)))}}]}""",
        5 => """{"type":["boolean","null"]}""",
        6 => $$"""{"const":{{Constant(random)}}}""",
        7 => Array(random, depth),
        8 or 9 => Object(random, depth),
        10 => $$"""{"anyOf":[{{Make(random, depth - 1)}},{{Make(random, depth - 1)}}]}""",
        _ => $$"""{"allOf":[{{Make(random, depth - 1)}},{"not":{{Make(random, 0)}}}]}""",
    };

    private static string Array(Random random, int depth)
    {
        var least = random.Next(4);
        return $$"""
            {"type":"array","items":{{Make(random, depth - 1)}}
            {{Some(random, $",\"prefixItems\":[{Make(random, depth - 1)}]")}}{{Some(random, $",\"minItems\":{least}")}}{{Some(random, $",\"maxItems\":{least + random.Next(3)}")}}
            {{Some(random, ",\"uniqueItems\":true")}}{{Some(random, $",\"contains\":{Make(random, 0)}")}}}
            """;
    }

    private static string Object(Random random, int depth)
    {
        var names = new[] { "a", "ab", "b", "\\n" }[..(1 + random.Next(4))];
        var least = random.Next(3);
        return $$"""
            {"type":"object","properties":{ {{string.Join(',', names.Select(name => $"\"{name}\":{Make(random, depth - 1)}"))}} }
            {{Some(random, $",\"required\":[\"{names[random.Next(names.Length)]}\"]")}}{{Some(random, $",\"additionalProperties\":{(random.Next(2) == 0 ? "false" : Make(random, depth - 1))}")}}
            {{Some(random, $",\"minProperties\":{least}")}}{{Some(random, $",\"maxProperties\":{least + 1}")}}{{Some(random, ",\"dependentRequired\":{\"a\":[\"b\"]}")}}}
            """;
    }

    private static string Constant(Random random) => random.Next(7) switch
    {
        0 => "null",
        1 => $"{random.Next(-20, 200)}",
        2 => $"{random.Next(-20, 20)}.25",
        3 => "\"text\"",
        4 => "\"te\\n\\\"\\u00e9\"",
        5 => $"[{random.Next(9)},true]",
        _ => $$"""{"a":{{random.Next(9)}}}""",
    };

    private static string Some(Random random, string keyword) => random.Next(2) == 0 ? keyword : "";
}
