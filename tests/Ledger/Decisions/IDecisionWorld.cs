using Penstock.Ledger.Decisions;

namespace Penstock.Ledger.Tests.Decisions;

/// <summary>A store of decisions, and what can happen to it.</summary>
public interface IDecisionWorld : IAsyncDisposable
{
    /// <summary>The store of a gateway that lives.</summary>
    Task<IDecisionStore> OpenAsync();

    /// <summary>The gateway that was opened last dies; complete when its claims are known to be void.</summary>
    Task KillAsync();
}
