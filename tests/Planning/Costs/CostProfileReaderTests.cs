using Penstock.Engine.Scheduling.Cost;
using Penstock.Planning.Costs;
using Penstock.Tests.Support;

namespace Penstock.Planning.Tests.Costs;

public sealed class CostProfileReaderTests
{
    [Fact]
    public void Parse_BatchesMadeFromStepCosts_GivesThemBack()
    {
        var known = new StepCoefficients(0.02, 2e-4, 1e-4, 1e-6, 0, 2e-6);
        var rows = new List<string>();
        foreach (var prompt in (int[])[8, 64, 512])
        {
            var entries = ((int[])[1, 64, 256]).Select(output =>
            {
                var n = 4000 / (prompt + output);
                var prefill = known.Step + (known.PromptToken * n * prompt);
                var decode = Enumerable.Range(0, output).Sum(i => known.Step + (known.DecodeRow * n) + (known.ContextToken * n * (prompt + i)));
                return $"\"{output}\": [{n}, {prefill / n:R}, {decode / n:R}]";
            });
            rows.Add($"\"{prompt}\": {{{string.Join(',', entries)}}}");
        }

        var profile = CostProfileReader.Parse($"{{{string.Join(',', rows)}}}", "p.json");
        Assert.Equal(4000, profile.KvTokens);
        Assert.InRange(profile.Fit!.MaxError, 0, 1e-3);
        Assert.Equal(known.Step, profile.Coefficients.Step, known.Step * 1e-2);
        Assert.Equal(known.DecodeRow, profile.Coefficients.DecodeRow, known.DecodeRow * 1e-2);
        Assert.Equal(known.PromptToken, profile.Coefficients.PromptToken, known.PromptToken * 1e-2);
        Assert.Equal(known.ContextToken, profile.Coefficients.ContextToken, known.ContextToken * 1e-2);
    }

    [Fact]
    public void ReadFile_MeasuredOnA10G_CapacityIsTheOneItWasMeasuredWith()
    {
        var profile = CostProfileReader.ReadFile(TestData.Path("vtc-cost-profile.json"));
        Assert.Equal(10_000, profile.KvTokens);
        Assert.Equal(46, profile.Fit!.Points);
        Assert.InRange(profile.Fit.MeanError, 0, 0.06);
    }

    [Fact]
    public void Parse_StepCosts_AreTakenAsTheyAre()
    {
        var profile = CostProfileReader.Parse("""{"kv_tokens": 4096, "max_rows": 512, "max_sequences": 8, "seconds": {"step": 0.01, "prompt_token": 0.002}}""", "p.json");
        Assert.Equal(new StepCoefficients(0.01, 0, 0.002, 0, 0, 0), profile.Coefficients);
        Assert.Equal((4096, 512, 8), (profile.KvTokens, profile.MaxRows, profile.MaxSequences));
        Assert.Null(profile.Fit);
    }

    [Theory]
    [InlineData("nonsense", "line 1")]
    [InlineData("[]", "one JSON object")]
    [InlineData("{}", "at least two")]
    [InlineData("""{"8": {"1": [2, 0.1, 0.1]}}""", "at least two")]
    [InlineData("""{"8": {"1": [2, 0.1], "2": [1, 1, 1]}}""", "\"1\"")]
    [InlineData("""{"8": {"1": [2, 0.1, -1], "2": [1, 1, 1]}}""", "above zero")]
    [InlineData("""{"8": {"0": [2, 0.1, 1]}}""", "\"0\"")]
    [InlineData("""{"eight": {}}""", "\"eight\"")]
    [InlineData("""{"seconds": {"step": 1}}""", "kv_tokens")]
    [InlineData("""{"seconds": {"step": -1}, "kv_tokens": 4}""", "\"step\"")]
    [InlineData("""{"seconds": {"decode_row": 1}, "kv_tokens": 4}""", "must take time")]
    [InlineData("""{"seconds": 3, "kv_tokens": 4}""", "object of step costs")]
    [InlineData("""{"seconds": {"step": 1}, "kv_tokens": 0}""", "kv_tokens")]
    public void Parse_NoProfile_IsRefusedWithTheReason(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<PlanningFileException>(() => CostProfileReader.Parse(json, "p.json")).Message);
}
