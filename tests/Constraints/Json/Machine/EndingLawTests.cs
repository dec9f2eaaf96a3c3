using System.Text;
using System.Text.Json;

namespace Penstock.Constraints.Tests.Json.Machine;

/// <summary>Random schemas, walked by models of every temper: whatever they write can be ended, and what comes out parses and is valid.</summary>
public sealed class EndingLawTests
{
    private const int Walks = 60;

    [Fact]
    public void Step_AnyAllowedByte_CanBeEndedInAValidDocument() => Walk(1, static (random, allowed) => allowed[random.Next(allowed.Count)]);

    [Fact]
    public void Step_OpeningAlways_CanBeEndedInAValidDocument() => Walk(2, static (random, allowed) => Prefer(random, allowed, "[{\",:"));

    [Fact]
    public void Step_DigitsAlways_CanBeEndedInAValidDocument() => Walk(3, static (random, allowed) => Prefer(random, allowed, "9-0.e,["));

    [Fact]
    public void Step_ClosingAlways_CanBeEndedInAValidDocument() => Walk(4, static (random, allowed) => Prefer(random, allowed, "]}\",:"));

    [Fact]
    public void Step_EscapesAlways_CanBeEndedInAValidDocument() => Walk(5, static (random, allowed) => Prefer(random, allowed, "\\ud8a\","));

    private static byte Prefer(Random random, List<byte> allowed, string order)
    {
        if (random.Next(4) > 0)
        {
            foreach (var value in order)
            {
                if (allowed.Contains((byte)value))
                    return (byte)value;
            }
        }

        return allowed[random.Next(allowed.Count)];
    }

    private static void Walk(int seed, Func<Random, List<byte>, byte> choose)
    {
        var random = new Random(seed);
        for (var i = 0; i < Walks; i++)
        {
            var schema = RandomSchema.Make(random, 3);
            using var document = JsonDocument.Parse(schema);
            if (Machines.TryStart(document.RootElement) is not { } state)
                continue;

            var text = new List<byte>();
            for (var length = random.Next(60); length > 0 && !(state.IsAccepting && random.Next(3) == 0); length--)
            {
                var allowed = Enumerable.Range(0, 256).Where(value => state.Step((byte)value) is not null).Select(value => (byte)value).ToList();
                if (allowed.Count == 0)
                    break;

                var value = choose(random, allowed);
                text.Add(value);
                state = state.Step(value)!;
            }

            var before = Encoding.UTF8.GetString([.. text]);
            Assert.True(state.IsAccepting || Enumerable.Range(0, 256).Any(value => state.Step((byte)value) is not null), $"{schema} is stuck after {before}.");
            text.AddRange(Machines.AssertEnds(state, $"{before} under {schema}"));
            AssertValid(schema, document.RootElement, [.. text]);
        }
    }

    private static void AssertValid(string schema, JsonElement root, byte[] text)
    {
        using var instance = JsonDocument.Parse(text, new() { MaxDepth = 1_000 });
        Assert.True(SimpleValidator.IsValid(root, instance.RootElement), $"{Encoding.UTF8.GetString(text)} is not valid under {schema}.");
    }
}
