using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Penstock.Contracts.Generation;
using Penstock.Gateway.Endpoints.Chat;
using Penstock.Gateway.Endpoints.Completions;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Tests;

/// <summary>Writing a token to a stream allocates nothing.</summary>
public sealed class SseCostTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Write_Token_AllocatesNothing(bool chat)
    {
        var http = new DefaultHttpContext();
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: 1 << 20));
        http.Features.Set<IHttpResponseBodyFeature>(new PipeBody(pipe.Writer));
        var head = new AnswerHead("chatcmpl-1", 1, "m", "sha256:1", 1, IncludeUsage: true);
        IAnswerWriter writer = chat ? new ChatStream(http.Response, head) : new CompletionStream(http.Response, head);
        var token = new GenerationEvent { Kind = GenerationEventKind.Text, Tokens = 1, Text = " t\"oké\n"u8.ToArray() };
        Write(writer, token, 100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Write(writer, token, 1000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Write(IAnswerWriter writer, in GenerationEvent token, int count)
    {
        for (var written = 0; written < count; written++)
        {
            writer.Write(token);
        }
    }

    /// <summary>A response body that is a pipe, as Kestrel's is.</summary>
    private sealed class PipeBody(PipeWriter writer) : IHttpResponseBodyFeature
    {
        public Stream Stream => writer.AsStream();

        public PipeWriter Writer => writer;

        public Task CompleteAsync() => Task.CompletedTask;

        public void DisableBuffering()
        {
            // A pipe has nothing to turn off.
        }

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
