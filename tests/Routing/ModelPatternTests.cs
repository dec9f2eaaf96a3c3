using Penstock.Routing.Selection;

namespace Penstock.Routing.Tests;

public sealed class ModelPatternTests
{
    [Theory]
    [InlineData("mock-*", "mock-1", true)]
    [InlineData("mock-*", "mock-", true)]
    [InlineData("mock-*", "mock", false)]
    [InlineData("*", "", true)]
    [InlineData("gpt-4o", "gpt-4o", true)]
    [InlineData("gpt-4o", "gpt-4o-mini", false)]
    [InlineData("gpt-4o", "GPT-4o", false)]
    [InlineData("*/llama-*-q4", "org/llama-8b-q4", true)]
    [InlineData("*/llama-*-q4", "org/llama-8b-q8", false)]
    [InlineData("a*b*c", "a-b-b-c", true)]
    [InlineData("a*b*c", "a-b-b-d", false)]
    public void Matches_PatternAndName_AsWritten(string pattern, string name, bool matches) => Assert.Equal(matches, new ModelPattern(pattern).Matches(name));

    [Fact]
    public void IsName_Star_No() => Assert.Equal((true, false), (new ModelPattern("a.b").IsName, new ModelPattern("a*").IsName));
}
