using Penstock.Planning.Traces;
using Penstock.Tests.Support;

namespace Penstock.Planning.Tests.Traces;

public sealed class TraceReaderTests
{
    private const string Header = "arrival_s,tenant,prompt_tokens,output_tokens\n";

    [Fact]
    public void Read_Tenants_EveryLineIsARequest() => Assert.Equal(
        [new TraceRequest(1.5, "a", 10, 20), new TraceRequest(0.25, "b c", 1, 2)],
        Read(Header + "1.5,a,10,20\r\n\n 0.25,b c ,1, 2\n"));

    [Fact]
    public void Read_Azure_TakesTimestampsAndNoTenant()
    {
        var requests = Read("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,396,109\n");
        Assert.Equal(("", 374, 44), (requests[0].Tenant, requests[0].PromptTokens, requests[0].OutputTokens));
        Assert.Equal(4.314579, requests[1].ArrivalSeconds - requests[0].ArrivalSeconds, 1e-6);
    }

    [Fact]
    public void Read_Mooncake_TakesMillisecondsAndBlocks()
    {
        var request = Assert.Single(Read("""{"timestamp": 2500, "input_length": 513, "output_length": 7, "hash_ids": [4, 9]}"""));
        Assert.Equal((2.5, 513, 7), (request.ArrivalSeconds, request.PromptTokens, request.OutputTokens));
        Assert.Equal([4, 9], request.Blocks!);
    }

    [Theory]
    [InlineData(Header + "1,a,2,3\n1,a,2\n", 3)]
    [InlineData(Header + "x,a,2,3\n", 2)]
    [InlineData(Header + "NaN,a,2,3\n", 2)]
    [InlineData(Header + "1e999,a,2,3\n", 2)]
    [InlineData(Header + "1,,2,3\n", 2)]
    [InlineData(Header + "1,a,0,3\n", 2)]
    [InlineData(Header + "1,a,2,-3\n", 2)]
    [InlineData(Header + "1,a,2.5,3\n", 2)]
    [InlineData(Header + "1,a,99999999999,3\n", 2)]
    [InlineData(Header + "1,a,2,3,4\n", 2)]
    [InlineData("TIMESTAMP,ContextTokens,GeneratedTokens\nyesterday,1,2\n", 2)]
    [InlineData("{\"timestamp\":1,\"input_length\":3,\"output_length\":4,\"hash_ids\":[1]}\n{\"timestamp\":1", 2)]
    [InlineData("{\"timestamp\":1,\"input_length\":3,\"output_length\":4}", 1)]
    [InlineData("{\"timestamp\":1,\"input_length\":600,\"output_length\":4,\"hash_ids\":[1]}", 1)]
    [InlineData("{\"timestamp\":\"1\",\"input_length\":3,\"output_length\":4,\"hash_ids\":[1]}", 1)]
    [InlineData("arrival,who\n1,a\n", 1)]
    [InlineData("", null)]
    [InlineData(Header, null)]
    public void Read_Malformed_IsRefusedByLine(string text, int? line)
    {
        var failure = Assert.Throws<PlanningFileException>(() => Read(text));
        Assert.Equal(line, failure.Line);
        Assert.StartsWith(line is null ? "t.csv: " : $"t.csv, line {line}: ", failure.Message);
        Assert.DoesNotContain("..", failure.Message);
    }

    [Fact]
    public void Read_FaultFarBehind_FirstRequestsComeBeforeIt()
    {
        using var text = new StringReader(Header + "1,a,2,3\nnonsense\n");
        Assert.Equal("a", TraceReader.Read(text, "t.csv").First().Tenant);
    }

    [Fact]
    public void ReadFile_RealTraces_AllLinesAreRead()
    {
        Assert.Equal(1500, TraceReader.ReadFile(TestData.Path("vtc-real-27-tenants.csv")).Count());
        Assert.Equal(8819, TraceReader.ReadFile(TestData.Path("traces/AzureLLMInferenceTrace_code.csv")).Count());
        Assert.Equal(12031, TraceReader.ReadFile(TestData.Path("traces/mooncake_conversation.jsonl")).Count());
    }

    private static TraceRequest[] Read(string text)
    {
        using var reader = new StringReader(text);
        return [.. TraceReader.Read(reader, "t.csv")];
    }
}
