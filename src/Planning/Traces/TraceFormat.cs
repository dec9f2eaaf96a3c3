namespace Penstock.Planning.Traces;

/// <summary>How a trace's lines are read.</summary>
/// <param name="FirstIsHeader">Whether the first line names the columns.</param>
/// <param name="Parse">A line's request, or null when it is not one.</param>
/// <param name="Allowed">What a line must be, for messages.</param>
internal sealed record TraceFormat(bool FirstIsHeader, Func<string, TraceRequest?> Parse, string Allowed);
