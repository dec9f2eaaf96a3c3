using System.Buffers;
using System.Text;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Tests.Json.Schemas;

/// <summary>Values of terms, as texts, and limits for tests.</summary>
internal static class Values
{
    /// <summary>The usual limits, but for the time: tests share their machine with others.</summary>
    public static ConstraintLimits Patient { get; } = ConstraintLimits.Default with { Time = TimeSpan.FromMinutes(1) };

    public static string Shortest(SchemaTerm term)
    {
        var output = new ArrayBufferWriter<byte>();
        term.WriteShortest(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
