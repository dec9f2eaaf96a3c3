using System.Globalization;

namespace Penstock.Tests.Support;

/// <summary>Tests that play a share in CI and much more when somebody asks for it.</summary>
public static class LongRun
{
    /// <summary>The number in an environment variable, else the share for CI.</summary>
    /// <param name="variable">Such as <c>PENSTOCK_FUZZ</c>.</param>
    /// <param name="share">How many in CI.</param>
    public static int Count(string variable, int share) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : share;
}
