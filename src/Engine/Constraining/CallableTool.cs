using Penstock.Constraints;

namespace Penstock.Engine.Constraining;

/// <summary>A tool that an answer may call.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">What the arguments must be: JSON objects.</param>
internal sealed record CallableTool(string Name, ConstraintState Arguments);
