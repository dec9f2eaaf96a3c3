using Penstock.Contracts.Errors;
using Penstock.Gateway.Hosting;

namespace Penstock.Gateway.Endpoints.Adapters;

/// <summary>
/// Where adapters may be loaded from while the server runs. Whoever reaches the port without a key names files that the server's user may read and he
/// perhaps not, so he is kept to folders in which adapters are; what else there is he does not learn. An operator's key may name any file, unless folders are configured.
/// </summary>
internal static class AdapterFolders
{
    /// <summary>Null, or why a file may not be loaded. Links inside a folder are followed.</summary>
    public static PenstockError? Refuse(ServeOptions options, string path)
    {
        string[] folders = [.. Of(options).Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar)];
        return folders.Length == 0 || folders.Any(folder => Path.GetFullPath(path).StartsWith(folder, StringComparison.Ordinal))
            ? null
            : new(
                ErrorCode.InvalidRequest,
                options.AdapterFolders.Count > 0
                    ? "The path is not in a folder from which this server loads adapters. Put the file there, or add its folder to adapter_folders (--adapter-folder)."
                    : "Without API keys adapters are loaded from the folders of the served models and adapters only. Put the file there, or name its folder at start with --adapter-folder.",
                "path");
    }

    private static IEnumerable<string> Of(ServeOptions options) =>
        options.AdapterFolders.Count > 0 || options.ApiKeys.Count > 0
            ? options.AdapterFolders
            : options.Models.SelectMany(model => model.Adapters.Select(adapter => adapter.Path).Prepend(model.Path)).Select(file => Path.GetDirectoryName(Path.GetFullPath(file))!);
}
