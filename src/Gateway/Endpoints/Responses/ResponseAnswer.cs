using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Endpoints.Responses;

/// <summary>An answer as one <c>response</c>.</summary>
internal sealed class ResponseAnswer : IAnswerWriter
{
    private readonly HttpResponse response;
    private readonly ResponseJson form;
    private readonly ResponseOutput output;
    private ReadOnlyMemory<byte> last;

    public ResponseAnswer(HttpResponse response, AnswerHead head, ResponseEcho echo)
    {
        (this.response, form) = (response, new ResponseJson(head, echo));
        output = new ResponseOutput(form.Answer);
    }

    public ValueTask BeginAsync() => ValueTask.CompletedTask;

    public void Write(in GenerationEvent item) => output.Take(item, out _);

    public ValueTask<bool> FlushAsync() => ValueTask.FromResult(false);

    public async ValueTask CompleteAsync(GenerationSummary summary) =>
        last = await JsonResponse.WriteAllButLastAsync(response, json => form.Write(json, output, summary));

    public async ValueTask EndAsync() => await response.BodyWriter.WriteAsync(last);

    public async ValueTask FailAsync(PenstockError error) => await ErrorResponse.WriteAsync(response, error);
}
