using Penstock.Contracts.Targets;

namespace Penstock.Gateway.Requests;

/// <summary>A request whose admission row is on disk: from here on it needs an end.</summary>
internal sealed record AdmittedRequest(TargetDescription Target, IPreparedRequest Prepared, LiveRequest Live);
