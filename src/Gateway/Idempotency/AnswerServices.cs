using Microsoft.Extensions.Logging;
using Penstock.Gateway.Hosting;
using Penstock.Ledger.Decisions;

namespace Penstock.Gateway.Idempotency;

/// <summary>What running answers share.</summary>
internal sealed record AnswerServices(IDecisionStore Store, DrainSignal Drain, TimeProvider Time, ILogger<RunningAnswer> Logger);
