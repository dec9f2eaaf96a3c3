using Penstock.Contracts.Errors;
using Penstock.Contracts.Records;

namespace Penstock.Engine.Serving.Requests;

/// <summary>Why a request ends in the engine.</summary>
/// <param name="Reason">How it ends; <see cref="FinishReason.Stop"/> when all that was asked for is there.</param>
/// <param name="By">Who ends it.</param>
/// <param name="Error">What its readers are told; null unless it failed or was refused.</param>
internal readonly record struct RequestStop(FinishReason Reason, FinishCause By, PenstockError? Error)
{
    /// <summary>Everything is there.</summary>
    public static RequestStop Complete { get; } = new(FinishReason.Stop, FinishCause.Model, null);

    public static RequestStop Cancelled { get; } = new(FinishReason.Cancelled, FinishCause.Client, null);

    /// <summary>Its deadline has passed.</summary>
    public static RequestStop TooLate { get; } = new(FinishReason.Deadline, FinishCause.Request, null);

    public static RequestStop Failed(PenstockError error) => new(FinishReason.Error, FinishCause.Server, error);

    /// <summary>It was given up while it waited.</summary>
    public static RequestStop Refused(PenstockError error) => new(FinishReason.Refused, FinishCause.Server, error);
}
