namespace Penstock.Engine.Running;

/// <summary>An adapter as the rows of a slice use it. The default is none: the base model alone.</summary>
/// <param name="Number">What <see cref="IAdapterStore.Load"/> gave; 0 = none.</param>
/// <param name="Scale">Multiplies what the adapter adds, beside its own alpha / rank. Rows of one adapter may have different scales.</param>
public readonly record struct AdapterUse(int Number, float Scale)
{
    public bool IsNone => Number == 0;
}
