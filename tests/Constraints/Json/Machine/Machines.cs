using System.Buffers;
using System.Text;
using System.Text.Json;
using Penstock.Constraints.Json.Machine;
using Penstock.Constraints.Json.Schemas;
using Penstock.Constraints.Tests.Json.Schemas;

namespace Penstock.Constraints.Tests.Json.Machine;

/// <summary>Machines from schemas written as text, fed byte by byte.</summary>
internal static class Machines
{
    public static ConstraintState Start(string schema, JsonLayout? layout = null, int storeBound = JsonMachine.DefaultStoreBound)
    {
        using var document = JsonDocument.Parse(schema);
        return JsonMachine.Start(JsonSchemaCompiler.Compile(document.RootElement, Values.Patient).OrThrow(), layout, storeBound);
    }

    /// <summary>The start of a schema's machine, or null where the schema is refused, as it is where it has no instance.</summary>
    public static ConstraintState? TryStart(JsonElement schema) =>
        JsonSchemaCompiler.Compile(schema, Values.Patient) is { Ok: true } compiled ? JsonMachine.Start(compiled.Value) : null;

    public static ConstraintState? Read(ConstraintState start, string text) => Read(start, Encoding.UTF8.GetBytes(text));

    public static ConstraintState? Read(ConstraintState start, ReadOnlySpan<byte> text)
    {
        var state = start;
        foreach (var value in text)
        {
            if (state.Step(value) is not { } next)
                return null;

            state = next;
        }

        return state;
    }

    public static bool Accepts(string schema, string text) => Read(Start(schema), text) is { IsAccepting: true };

    public static string EndingOf(ConstraintState state) => Encoding.UTF8.GetString(EndingBytesOf(state));

    public static byte[] EndingBytesOf(ConstraintState state)
    {
        var output = new ArrayBufferWriter<byte>();
        state.WriteEnding(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The law: the ending is a path to acceptance, as long as it says.</summary>
    public static byte[] AssertEnds(ConstraintState state, string before)
    {
        var ending = EndingBytesOf(state);
        Assert.True(Read(state, ending) is { IsAccepting: true }, $"After {before} the ending {Encoding.UTF8.GetString(ending)} does not lead to acceptance.");
        Assert.True(state.EndingLength == ending.Length, $"After {before} the ending {Encoding.UTF8.GetString(ending)} should have {state.EndingLength} bytes.");
        return ending;
    }
}
