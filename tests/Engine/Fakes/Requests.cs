using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Engine.Running;
using Penstock.Engine.Serving;
using Penstock.Models.Tokenization;

namespace Penstock.Engine.Tests.Fakes;

/// <summary>Short ways to make requests and to read what came of them.</summary>
internal static class Requests
{
    public static LocalTargetOptions Options(EngineOptions? engine = null, int context = 512) => new()
    {
        Description = new TargetDescription { Name = "test", Owner = "tests", ContextLength = context, Since = DateTimeOffset.UnixEpoch },
        Engine = engine ?? new EngineOptions { Seed = 7 },
    };

    public static LocalTarget Target(IModelRunner runner, TimeProvider? time = null, EngineOptions? engine = null, ITokenizer? tokenizer = null) =>
        new(Options(engine, runner.Capabilities.ContextLength), runner, tokenizer ?? new ByteTokenizer(runner.Capabilities.VocabularySize), null, time ?? TimeProvider.System);

    public static InferenceRequest Completion(string prompt, int? maxOutputTokens = 16) => new()
    {
        RequestId = "req_test",
        Tenant = "local",
        Kind = RequestKind.Completion,
        Model = "test",
        Inputs = [new PromptInput(prompt, null)],
        MaxOutputTokens = maxOutputTokens,
    };

    public static InferenceRequest Embedding(params string[] inputs) => Completion("") with
    {
        Kind = RequestKind.Embedding,
        Inputs = [.. inputs.Select(input => new PromptInput(input, null))],
    };

    public static async Task<Answer> ReadAllAsync(this IGeneration generation)
    {
        List<GenerationEvent> events = [];
        while (await generation.WaitToReadAsync(TestContext.Current.CancellationToken))
        {
            while (generation.TryRead(out var item))
                events.Add(item);
        }

        return new Answer(events, await generation.Completion);
    }

    public static async Task<Answer> AnswerAsync(this LocalTarget target, InferenceRequest request)
    {
        await using var generation = target.Prepare(request).OrThrow().Start().OrThrow();
        return await generation.ReadAllAsync();
    }
}
