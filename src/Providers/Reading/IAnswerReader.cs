using Penstock.Contracts.Generation;

namespace Penstock.Providers.Reading;

/// <summary>Reads one answer of a provider's, whole or event by event, into canonical events. One user at a time.</summary>
internal interface IAnswerReader
{
    /// <summary>Reads a body, or the data of an event; false when it is not in the provider's form.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="events">Gets what it says; tokens and times are the caller's to add.</param>
    bool TryRead(ReadOnlyMemory<byte> json, List<GenerationEvent> events);
}
