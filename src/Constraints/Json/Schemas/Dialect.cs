namespace Penstock.Constraints.Json.Schemas;

/// <summary>The draft that a schema resource is written in. Later drafts compare greater.</summary>
internal enum Dialect
{
    Draft04 = 4,
    Draft06 = 6,
    Draft07 = 7,
    Draft201909 = 19,

    /// <summary>Also where <c>$schema</c> says nothing; older forms that mean nothing else are accepted.</summary>
    Draft202012 = 20,
}
