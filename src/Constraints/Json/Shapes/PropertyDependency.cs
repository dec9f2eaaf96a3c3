namespace Penstock.Constraints.Json.Shapes;

/// <summary>Where one property is, another must be. Both are indices into <see cref="ObjectShape.Named"/>.</summary>
public readonly record struct PropertyDependency(int If, int Then);
