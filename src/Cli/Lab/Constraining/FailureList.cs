using System.Text.Encodings.Web;
using System.Text.Json;

namespace Penstock.Cli.Lab.Constraining;

/// <summary>What did not come out right, one JSON object a line.</summary>
internal sealed class FailureList(string? path) : IDisposable
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StreamWriter? writer = path is null ? null : new StreamWriter(path) { AutoFlush = true };

    public void Add(Failure failure) => writer?.WriteLine(JsonSerializer.Serialize(failure, Options));

    public void Dispose() => writer?.Dispose();
}
