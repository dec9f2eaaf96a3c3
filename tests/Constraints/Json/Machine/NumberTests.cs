namespace Penstock.Constraints.Tests.Json.Machine;

public sealed class NumberTests
{
    [Theory]
    [InlineData("""{"type":"integer"}""", "1.0", true)]
    [InlineData("""{"type":"integer"}""", "1.5", false)]
    [InlineData("""{"type":"integer"}""", "1.5e1", true)]
    [InlineData("""{"type":"integer"}""", "100e-2", true)]
    [InlineData("""{"type":"integer"}""", "-0", true)]
    [InlineData("""{"type":"number","minimum":0,"maximum":1}""", "0.25", true)]
    [InlineData("""{"type":"number","minimum":0,"maximum":1}""", "1.0", true)]
    [InlineData("""{"type":"number","minimum":0,"maximum":1}""", "1.01", false)]
    [InlineData("""{"type":"number","minimum":0,"maximum":1}""", "25e-2", true)]
    [InlineData("""{"type":"number","exclusiveMaximum":1}""", "0.99999999999999999999", false)]
    [InlineData("""{"type":"number","exclusiveMaximum":1}""", "0.9999999999999999", true)]
    [InlineData("""{"type":"number","exclusiveMinimum":0}""", "1e-300", true)]
    [InlineData("""{"type":"number","exclusiveMinimum":0}""", "0.0", false)]
    [InlineData("""{"type":"number","multipleOf":0.01}""", "0.07", true)]
    [InlineData("""{"type":"number","multipleOf":0.01}""", "0.075", false)]
    [InlineData("""{"type":"number","multipleOf":0.01}""", "1E2", true)]
    [InlineData("""{"enum":[1.5,20,-3]}""", "15e-1", true)]
    [InlineData("""{"enum":[1.5,20,-3]}""", "20.00", true)]
    [InlineData("""{"enum":[1.5,20,-3]}""", "2", false)]
    [InlineData("""{"type":"integer","not":{"multipleOf":2}}""", "7", true)]
    [InlineData("""{"type":"integer","not":{"multipleOf":2}}""", "8", false)]
    [InlineData("true", "1e309", false)]
    public void Step_Number_IsJudgedByValue(string schema, string text, bool valid) => Assert.Equal(valid, Machines.Accepts(schema, text));

    [Theory]
    [InlineData("""{"type":"integer","minimum":120,"maximum":129}""", "1", "2", "034567")]
    [InlineData("""{"type":"integer","minimum":-5,"maximum":-3}""", "", "-", "0123456789")]
    [InlineData("""{"const":12.5}""", "12", ".", "0123456e")]
    [InlineData("""{"const":0}""", "", "0-", "123456789")]
    public void Step_Prefix_LivesWhereAValueIsInReach(string schema, string prefix, string taken, string refused)
    {
        var state = Machines.Read(Machines.Start(schema), prefix)!;

        Assert.All(taken, value => Assert.NotNull(state.Step((byte)value)));
        Assert.All(refused, value => Assert.True(
            state.Step((byte)value) is not { } next || Machines.EndingOf(next).Contains('e'),
            $"After {prefix} the digit {value} can only be saved by an exponent."));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("""{"type":"integer"}""")]
    [InlineData("""{"type":"number","minimum":-1.5,"maximum":3}""")]
    [InlineData("""{"type":"number","multipleOf":0.3,"minimum":7}""")]
    [InlineData("""{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}""")]
    [InlineData("""{"enum":[3.14,1e20,-7]}""")]
    public void Step_DigitsForEver_ComeToAnEnd(string schema)
    {
        foreach (var greed in new[] { "9876543210.eE+-", "0.123456789eE-+", "1.e-0987654321", "-5.99e+" })
        {
            var state = Machines.Start(schema);
            var text = "";
            while (greed.FirstOrDefault(value => state.Step((byte)value) is not null) is var value and not '\0')
            {
                state = state.Step((byte)value)!;
                text += value;
                Assert.True(text.Length < 1_000, "A number must not go on for ever.");
                Machines.AssertEnds(state, text);
            }
        }
    }

    [Theory]
    [InlineData("""{"multipleOf":3}""", "14171170778518101", false)]
    [InlineData("""{"multipleOf":3}""", "9007199254740990", true)]
    [InlineData("""{"multipleOf":10}""", "-1e111", false)]
    [InlineData("""{"type":"number","not":{"multipleOf":5}}""", "20.0000000000000000001", false)]
    [InlineData("""{"type":"number","not":{"multipleOf":5}}""", "20.01", true)]
    [InlineData("""{"type":"integer","multipleOf":0.5}""", "1e308", true)]
    [InlineData("""{"type":"integer"}""", "14171170778518101", true)]
    [InlineData("""{"multipleOf":1e18}""", "7e18", true)]
    [InlineData("""{"multipleOf":3,"minimum":1e20}""", "3e20", true)]
    public void Accepts_MultiplesThatReadersRound_OnlyWhereThereAreNoOthers(string schema, string number, bool isTaken) =>
        Assert.Equal(isTaken, Machines.Accepts(schema, number));

    [Theory]
    [InlineData("""{"type":"integer"}""", "-0e1143")]
    [InlineData("""{"type":"integer"}""", "0.0E+9999")]
    [InlineData("""{"type":"number"}""", "0.0e1143")]
    [InlineData("""{"type":"number","maximum":5}""", "0e400")]
    public void Step_ZeroWithALargeExponent_EndsEverywhere(string schema, string number)
    {
        var state = Machines.Start(schema);
        for (var i = 0; i < number.Length; i++)
        {
            state = state.Step((byte)number[i])!;
            Machines.AssertEnds(state, number[..(i + 1)]);
        }

        Assert.True(state.IsAccepting);
    }
}
