namespace Penstock.Gateway.Tenancy;

/// <summary>What becomes of a request for a model without a price, from somebody with a limit in money.</summary>
public enum UnpricedModels
{
    /// <summary>It runs and uses no money; the log says so once for each model.</summary>
    Allow,

    /// <summary>It is refused: the limit holds for everything that runs.</summary>
    Refuse,
}
