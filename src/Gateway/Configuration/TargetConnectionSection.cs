using Penstock.Providers;

namespace Penstock.Gateway.Configuration;

/// <summary>What an entry of <c>targets</c> says of the connections to its provider: <c>connect_timeout_s</c>, <c>ca_file</c>, <c>http2</c>.</summary>
internal static class TargetConnectionSection
{
    public static readonly string[] Keys = ["connect_timeout_s", "ca_file", "http2"];

    private const double MostSeconds = 3600;

    /// <summary>Adds them to what else is known of the target.</summary>
    public static TargetOptions Read(YamlNodeReader target, TargetOptions options) => options with
    {
        ConnectTimeout = target.Number("connect_timeout_s", 0.001, MostSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : options.ConnectTimeout,
        CaFile = CaFile(target, options.BaseUrl),
        Http2 = target.Switch("http2") ?? options.Http2,
    };

    private static string? CaFile(YamlNodeReader target, Uri address)
    {
        if (target.String("ca_file") is not { } file)
        {
            return null;
        }

        if (address.Scheme != Uri.UriSchemeHttps)
        {
            target.Faults.Add(new(target.PathOf("ca_file"), file, "a certificate is checked over https only", "Write base_url with https://, or leave ca_file out."));
        }
        else if (!File.Exists(file))
        {
            target.Faults.Add(new(target.PathOf("ca_file"), file, "the file is not there", "Name a PEM file with the certificates of the authority."));
        }

        return file;
    }
}
