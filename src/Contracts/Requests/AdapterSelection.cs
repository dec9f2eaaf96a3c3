namespace Penstock.Contracts.Requests;

/// <summary>The adapter that a request wants its model to have.</summary>
/// <param name="Name">As the server knows it.</param>
/// <param name="Scale">How strongly, <see cref="LeastScale"/> to <see cref="MostScale"/>; null = as the server has configured it.</param>
public sealed record AdapterSelection(string Name, float? Scale = null)
{
    public const float LeastScale = -100;

    public const float MostScale = 100;
}
