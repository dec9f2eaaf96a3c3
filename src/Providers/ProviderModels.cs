using System.Text.Json;
using Penstock.Contracts.Errors;
using Penstock.Providers.Http;

namespace Penstock.Providers;

/// <summary>What a provider says that it serves.</summary>
/// <param name="Names">Its models; empty when it did not say.</param>
/// <param name="Problem">Why it did not; null when it did.</param>
public sealed record ProviderModels(IReadOnlyList<string> Names, PenstockError? Problem)
{
    internal static async Task<ProviderModels> ReadAsync(UpstreamConnection connection, TimeProvider time, CancellationToken cancellationToken)
    {
        var call = new UpstreamCall(connection, "models", null, time, cancellationToken);
        try
        {
            if (await call.OpenAsync() is { } refusal)
            {
                return new([], refusal);
            }

            using var document = JsonDocument.Parse(await AnswerBody.ReadAsync(call.Response!, AnswerBody.LargestAnswer, cancellationToken));
            return new([.. document.RootElement.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).OfType<string>()], null);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new([], UpstreamErrors.Malformed(call.Target, produced: false));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new([], UpstreamErrors.Cut(call.Target, produced: false));
        }
        finally
        {
            call.Close();
        }
    }
}
