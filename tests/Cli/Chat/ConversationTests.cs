using Microsoft.Extensions.AI;
using Penstock.Cli.Chat;
using Penstock.Contracts.Errors;

namespace Penstock.Cli.Tests.Chat;

public class ConversationTests
{
    [Theory]
    [InlineData(0, false, "bad\ngood\n")]
    [InlineData(1, false, "good\nbad\n")]
    [InlineData(1, true, "bad\ngood\n")]
    [InlineData(0, true, "good\n")]
    [InlineData(0, false, "")]
    public async Task Run_QuestionIsRefused_CountsUnlessTheUserWentOn(int expected, bool redirected, string input)
    {
        using var stop = new StopKey();
        var notes = new StringWriter();
        var conversation = new Conversation(new SessionThatRefusesBad(), new ChatOptions(), null, stop, TextWriter.Null, notes);

        Assert.Equal(expected, await conversation.RunAsync(new StringReader(input), redirected));
        Assert.Equal(input.Contains("bad", StringComparison.Ordinal), notes.ToString().Contains("error: too bad", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ask_AnswerWithoutText_SaysNoTimeOfItsFirst()
    {
        using var stop = new StopKey();
        var notes = new StringWriter();

        Assert.Equal(0, await new Conversation(new SessionThatRefusesBad(), new ChatOptions(), null, stop, TextWriter.Null, notes).AskAsync("silence"));

        Assert.Matches(@"^\[0 tokens, \d+\.\d\d s\]", notes.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_ModelHasIntroduction_SaysItToAUserOnly(bool redirected)
    {
        using var stop = new StopKey();
        var notes = new StringWriter();

        await new Conversation(new SessionThatRefusesBad(), new ChatOptions(), null, stop, TextWriter.Null, notes).RunAsync(TextReader.Null, redirected);

        Assert.Equal(!redirected, notes.ToString().Contains("all about m", StringComparison.Ordinal));
    }

    private sealed class SessionThatRefusesBad : IChatSession, IChatClient
    {
        public IChatClient Client => this;

        public string Model => "m";

        public string Introduction => "all about m";

        public AnswerCost LastCost(int received) => new(received, received);

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var question = messages.Last().Text;
            if (question == "bad")
                throw new PenstockException(new PenstockError(ErrorCode.InvalidRequest, "too bad"));
            if (question != "silence")
                yield return new ChatResponseUpdate(ChatRole.Assistant, "yes");
        }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
