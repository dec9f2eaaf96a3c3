using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;

namespace Penstock.Gateway.Streaming;

/// <summary>Turns a generation's events into one wire form of an answer. One user at a time.</summary>
internal interface IAnswerWriter
{
    /// <summary>The request was admitted: a stream sends its headers.</summary>
    ValueTask BeginAsync();

    /// <summary>Takes an event into the buffer.</summary>
    void Write(in GenerationEvent item);

    /// <summary>Sends what is buffered. False where the answer goes out at the end, as a whole, and nothing was sent.</summary>
    ValueTask<bool> FlushAsync();

    /// <summary>Sends the rest after a generation that ended well, all but the last bytes: no client takes the answer for whole yet.</summary>
    ValueTask CompleteAsync(GenerationSummary summary);

    /// <summary>Sends the last bytes, after <see cref="CompleteAsync"/>.</summary>
    ValueTask EndAsync();

    /// <summary>Sends something that means nothing, where the form has that and the answer has begun; see <see cref="KeepAlive"/>.</summary>
    ValueTask KeepAliveAsync() => ValueTask.CompletedTask;

    /// <summary>Sends an error instead of the rest: never a silent end.</summary>
    ValueTask FailAsync(PenstockError error);
}
