using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary><c>cache_control</c>, wherever it stands: a local model's prefixes are shared without marks, so nothing is lost but the choice of where.</summary>
internal static class CacheMarks
{
    public const string Field = "cache_control";

    /// <summary>Lets the mark of an object go, and says so.</summary>
    public static void Let(WireObject value)
    {
        if (value.Field(Field) is { } mark)
        {
            value.Faults.Lost(mark.Path, "Prompts that begin alike share what was computed without marks; this one is not passed on.");
        }
    }
}
