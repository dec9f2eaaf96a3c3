using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Gateway.Endpoints;
using Penstock.Gateway.Endpoints.Adapters;
using Penstock.Gateway.Endpoints.Chat;
using Penstock.Gateway.Endpoints.Completions;
using Penstock.Gateway.Endpoints.Embeddings;
using Penstock.Gateway.Endpoints.Health;
using Penstock.Gateway.Endpoints.Messages;
using Penstock.Gateway.Endpoints.Models;
using Penstock.Gateway.Endpoints.OpenApi;
using Penstock.Gateway.Endpoints.Responses;
using Penstock.Gateway.Endpoints.Status;
using Penstock.Gateway.Endpoints.Tokens;
using Penstock.Gateway.Idempotency;
using Penstock.Gateway.Requests;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger.Decisions;

namespace Penstock.Gateway.Hosting;

/// <summary>The gateway's services and its map of paths.</summary>
internal static class GatewayApp
{
    public static void AddGateway(this IServiceCollection services)
    {
        services.AddSingleton<RequestIds>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<ApiRequest>();
        services.AddSingleton<Admission>();
        services.AddSingleton<AnswerPipeline>();
        services.AddSingleton<EmbeddingPipeline>();
        services.AddSingleton<ChatEndpoint>();
        services.AddSingleton<CompletionEndpoint>();
        services.AddSingleton<EmbeddingEndpoint>();
        services.AddSingleton<MessagesEndpoint>();
        services.AddSingleton<ResponsesEndpoint>();
        services.AddSingleton<TokensEndpoint>();
        services.AddSingleton<HealthEndpoint>();
        services.AddSingleton<AdaptersEndpoint>();
        services.AddHostedService<WarmUp>();
        services.AddSingleton<AnswerServices>();
        services.AddSingleton<RunningAnswers>();
    }

    public static void MapGateway(this WebApplication app)
    {
        var services = app.Services;
        app.Use(next => ActivatorUtilities.CreateInstance<RequestEdge>(services, next).InvokeAsync);
        app.Use(next => ActivatorUtilities.CreateInstance<Authorization>(services, next).InvokeAsync);
        if (services.GetService<IDecisionStore>() is not null)
        {
            app.Use(next => ActivatorUtilities.CreateInstance<IdempotentRequests>(services, services, next).InvokeAsync);
        }

        app.UseRouting();

        app.MapPost("/v1/chat/completions", Handler<ChatEndpoint>(static (endpoint, http) => endpoint.HandleAsync(http)));
        app.MapPost("/v1/completions", Handler<CompletionEndpoint>(static (endpoint, http) => endpoint.HandleAsync(http)));
        app.MapPost("/v1/embeddings", Handler<EmbeddingEndpoint>(static (endpoint, http) => endpoint.HandleAsync(http)));
        app.MapPost("/v1/responses", Handler<ResponsesEndpoint>(static (endpoint, http) => endpoint.HandleAsync(http)));
        app.MapPost("/v1/messages", Handler<MessagesEndpoint>(static (endpoint, http) => endpoint.HandleAsync(http)));
        app.MapPost("/v1/messages/count_tokens", Handler<MessagesEndpoint>(static (endpoint, http) => endpoint.CountAsync(http)));
        Get("/v1/models", ModelsEndpoint.ListAsync);
        Get("/v1/models/{*id}", ModelsEndpoint.GetAsync);
        app.MapPost("/tokenize", Handler<TokensEndpoint>(static (endpoint, http) => endpoint.TokenizeAsync(http)));
        app.MapPost("/detokenize", Handler<TokensEndpoint>(static (endpoint, http) => endpoint.DetokenizeAsync(http)));
        Get("/health/live", HealthEndpoint.LiveAsync);
        Get("/health/ready", Handler<HealthEndpoint>(static (endpoint, http) => endpoint.ReadyAsync(http)));
        Get("/engine/status", EngineStatusEndpoint.HandleAsync);
        Get("/engine/adapters", AdaptersEndpoint.ListAsync);
        app.MapPost("/engine/adapters", Handler<AdaptersEndpoint>(static (endpoint, http) => endpoint.LoadAsync(http)));
        app.MapDelete("/engine/adapters/{name}", AdaptersEndpoint.UnloadAsync);
        Get("/openapi/v1.json", OpenApiEndpoint.HandleAsync);

        // Balancers and checks ask with HEAD; Kestrel leaves the body out.
        void Get(string path, RequestDelegate handle) => app.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], handle);

        RequestDelegate Handler<T>(Func<T, HttpContext, Task> handle)
            where T : notnull
        {
            var endpoint = services.GetRequiredService<T>();
            return http => handle(endpoint, http);
        }
    }
}
