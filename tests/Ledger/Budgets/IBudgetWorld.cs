using Penstock.Ledger.Budgets;

namespace Penstock.Ledger.Tests.Budgets;

/// <summary>Where stores come and go and what they have stored remains. Disposing removes it all.</summary>
public interface IBudgetWorld : IAsyncDisposable
{
    /// <summary>Opens a store over what is there. The one before must have been killed.</summary>
    Task<IBudgetStore> OpenAsync();

    /// <summary>The store's process dies: nothing that it has not made durable by now remains.</summary>
    void Kill();
}
