using System.Text.Json;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;

namespace Penstock.Providers.Probing;

/// <summary>Tries what a provider can do, with the smallest requests that show it: its list of models, then one request of each kind. This costs a few tokens.</summary>
public static class ProviderProbe
{
    /// <summary>What OpenAI's newer models call the limit of a chat, and name when they refuse the older word.</summary>
    private const string NewLimit = "max_completion_tokens";

    private static readonly (string Name, WireForm Form, RequestKind Kind, bool Stream)[] Surfaces =
    [
        ("chat", WireForm.ChatCompletions, RequestKind.Chat, false),
        ("chat_stream", WireForm.ChatCompletions, RequestKind.Chat, true),
        ("completions", WireForm.Completions, RequestKind.Completion, false),
        ("embeddings", WireForm.Embeddings, RequestKind.Embedding, false),
        ("responses", WireForm.Responses, RequestKind.Chat, false),
        ("messages", WireForm.Messages, RequestKind.Chat, false),
        ("messages_stream", WireForm.Messages, RequestKind.Chat, true),
    ];

    /// <param name="provider">The provider.</param>
    /// <param name="fits">Which of the models that the provider lists it is configured for.</param>
    /// <param name="limit">How long each request may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ProbeResult> RunAsync(Provider provider, Func<string, bool> fits, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var working = new List<string>();
        var listed = await WithinAsync(limit, time, provider.ListModelsAsync, cancellationToken);
        if (listed is { Problem: null })
        {
            working.Add("models");
        }

        var model = provider.Options.Models.FirstOrDefault(name => !name.Contains('*', StringComparison.Ordinal)) ?? listed?.Names.FirstOrDefault(fits);
        if (model is null)
        {
            return new(working, null, listed is null ? Silent(provider, limit) : listed.Problem?.Message ?? "Its list of models has none that the target's models fit. Name one of them in the target's models.");
        }

        string? problem = null;
        foreach (var surface in Surfaces.Where(surface => (surface.Form == WireForm.Messages) == (provider.Options.Kind == TargetKind.Anthropic)))
        {
            var (answered, error) = await AskAsync(provider, Request(model, surface.Form, surface.Kind, surface.Stream), limit, time, cancellationToken);
            if (error?.Message.Contains(NewLimit, StringComparison.Ordinal) == true)
            {
                (answered, error) = await AskAsync(provider, Request(model, surface.Form, surface.Kind, surface.Stream, NewLimit), limit, time, cancellationToken);
            }

            if (error is null && answered)
            {
                working.Add(surface.Name);
            }
            else
            {
                problem ??= error?.Message ?? Silent(provider, limit);
            }
        }

        return new(working, model, working.Any(name => name != "models") ? null : problem);
    }

    private static string Silent(Provider provider, TimeSpan limit) => $"'{provider.Options.Name}' did not answer within {limit.TotalSeconds:0} s.";

    private static async Task<(bool Answered, PenstockError? Error)> AskAsync(
        Provider provider, InferenceRequest request, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var prepared = provider.Relay(request, request.Wire!);
        using var stop = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, cancellationToken);
        if (request.Kind == RequestKind.Embedding)
        {
            var embedded = await prepared.EmbedAsync(either.Token);
            return (embedded is { Ok: true, Value.Wire.IsEmpty: false }, embedded.Error);
        }

        var started = prepared.Start();
        if (!started.Ok)
        {
            return (false, started.Error);
        }

        await using var generation = started.Value;
        await using var onStop = either.Token.UnsafeRegister(static one => ((IGeneration)one!).Cancel(), generation);
        return await generation.WaitToReadAsync(CancellationToken.None) && generation.TryRead(out var item) ? (item.Error is null, item.Error) : (false, null);
    }

    private static InferenceRequest Request(string model, WireForm form, RequestKind kind, bool stream, string limit = "max_tokens") => new()
    {
        RequestId = "probe",
        Tenant = "penstock",
        Kind = kind,
        Model = model,
        Messages = kind == RequestKind.Chat ? [new ChatMessage { Role = "user", Content = "Hello" }] : null,
        Inputs = kind == RequestKind.Chat ? [] : [new("Hello", null)],
        MaxOutputTokens = kind == RequestKind.Embedding ? null : 16,
        Stream = stream,
        Wire = new WireRequest(form, JsonSerializer.SerializeToUtf8Bytes<Dictionary<string, object>>(kind switch
        {
            RequestKind.Chat when form == WireForm.Responses => new() { ["model"] = model, ["input"] = "Hello", ["max_output_tokens"] = 16 },
            RequestKind.Chat => new() { ["model"] = model, ["messages"] = new[] { new { role = "user", content = "Hello" } }, [limit] = 16, ["stream"] = stream },
            RequestKind.Completion => new() { ["model"] = model, ["prompt"] = "Hello", ["max_tokens"] = 16 },
            _ => new() { ["model"] = model, ["input"] = "Hello" },
        })),
    };

    private static async Task<T?> WithinAsync<T>(TimeSpan limit, TimeProvider time, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
        where T : class
    {
        using var stop = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, cancellationToken);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
