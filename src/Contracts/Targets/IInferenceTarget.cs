using Penstock.Contracts.Requests;

namespace Penstock.Contracts.Targets;

/// <summary>Something that can answer a request: a local model or a provider. Thread-safe.</summary>
public interface IInferenceTarget
{
    /// <summary>What it serves. Does not change while it lives.</summary>
    TargetDescription Description { get; }

    /// <summary>
    /// Checks a request against what the target can do and prepares it (template, tokens), without starting it.
    /// No engine resource is held yet, so a prepared request may simply be dropped.
    /// </summary>
    Outcome<IPreparedRequest> Prepare(InferenceRequest request);
}
