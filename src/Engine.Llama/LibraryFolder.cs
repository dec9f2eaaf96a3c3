using System.Runtime.InteropServices;

namespace Penstock.Engine.Llama;

/// <summary>Where llama.cpp's libraries lie: the folder that was named, else that of the environment, else what npm has unpacked in <c>native/</c>.</summary>
public static class LibraryFolder
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "PENSTOCK_LLAMA_LIBRARIES";

    /// <summary>Builds that use a GPU are installed on purpose, so they win over the plain one.</summary>
    private static readonly string[] Variants = ["-cuda", "-vulkan", "-metal", ""];

    /// <summary>The folder to load from, or null where nothing is installed. A folder that was named is not second-guessed: it is returned even if nothing is in it.</summary>
    public static string? Find(string? named = null)
    {
        if ((named ?? Environment.GetEnvironmentVariable(Variable)) is { Length: > 0 } folder)
            return Path.GetFullPath(folder);

        return Unpacked().FirstOrDefault(candidate => Library(candidate, Native.NativeMethods.Llama) is not null);
    }

    /// <summary>The file of a library in that folder, or null. Builds put their variant and version into the name: <c>libllama.v0.5.0.so</c>, <c>llama.cuda.v0.5.0.dll</c>.</summary>
    internal static string? Library(string folder, string stem)
    {
        var (prefix, extension) = OperatingSystem.IsWindows() ? ("", ".dll") : OperatingSystem.IsMacOS() ? ("lib", ".dylib") : ("lib", ".so");
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, $"{prefix}{stem}.*")
                .Where(file => file.EndsWith(extension, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .FirstOrDefault()
            : null;
    }

    private static IEnumerable<string> Unpacked() =>
        from root in Roots()
        from variant in Variants
        let package = Platform() + variant
        select Path.Combine(root, "native", "node_modules", "@node-llama-cpp", package, "bins", package);

    // Beside the program, and in the checkout that the program was built in.
    private static IEnumerable<string> Roots()
    {
        yield return AppContext.BaseDirectory;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Penstock.slnx")))
                yield return folder.FullName;
        }
    }

    private static string Platform()
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "mac" : "linux";
        return $"{system}-{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
    }
}
