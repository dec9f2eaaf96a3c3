using Penstock.Contracts;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Targets;
using Penstock.Providers.Reading;

namespace Penstock.Gateway.Attempts;

/// <summary>A request that goes on with an answer. A target may repeat what it was given; that is left out.</summary>
internal sealed class ResumedPrepared(IPreparedRequest inner, string text) : IPreparedRequest
{
    // An answer may well say a short text twice ("ha", "ha"); a repetition of this many characters is an echo.
    private const int ShortestEcho = 32;

    public int PromptTokens => inner.PromptTokens;

    public Outcome<IGeneration> Start()
    {
        var started = inner.Start();
        return started.Ok && text.Length >= ShortestEcho ? Outcome.Of<IGeneration>(new WithoutPrefix(started.Value, text)) : started;
    }

    public ValueTask<Outcome<EmbeddingResult>> EmbedAsync(CancellationToken cancellationToken) => inner.EmbedAsync(cancellationToken);
}
