using Xunit;

namespace Penstock.Tests.Support;

/// <summary>Finds what tests read: the repository, and the test data beside it, which a user need not have.</summary>
public static class TestData
{
    /// <summary>The repository's root folder.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>A path in the shared test data (<c>PENSTOCK_DATA</c>, else <c>../shared/data</c>); the test is skipped where it is absent.</summary>
    public static string Path(params ReadOnlySpan<string> parts)
    {
        var root = Environment.GetEnvironmentVariable("PENSTOCK_DATA") ?? System.IO.Path.Combine(Repository, "..", "shared", "data");
        var path = System.IO.Path.Combine([root, .. parts]);
        Assert.SkipUnless(System.IO.Path.Exists(path), $"The test data {string.Join('/', parts!)} is not here; set PENSTOCK_DATA to its folder.");
        return path;
    }

    /// <summary>A file committed in the repository.</summary>
    public static string InRepository(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Repository, .. parts]);

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Penstock.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside the repository.");
    }
}
