using System.Globalization;
using System.Text;

namespace Penstock.Cli.Bench.Kernels;

/// <summary>
/// The roofline (Williams, Waterman and Patterson 2009) as SVG: multiply-adds a second over multiply-adds for each byte of weights, both logarithmic.
/// Nothing can lie above what memory brings (the slope) and, for 8-bit products, above what the processor multiplies (the flat part).
/// </summary>
internal static class RooflinePlot
{
    private const int Width = 760;
    private const int Height = 420;
    private const int Left = 60;
    private const int Bottom = 360;
    private const int Right = 740;
    private const int Top = 40;

    public static string Svg(KernelReport report, string title)
    {
        var points = Points(report).ToList();
        var (bandwidth, peak) = (report.ReadBandwidthGbS, report.PeakGmacS);
        var x = new Axis(points.Min(point => point.Intensity) / 2, points.Max(point => point.Intensity) * 2, Left, Right);
        var y = new Axis(points.Min(point => point.Gmacs) / 2, Math.Max(peak, points.Max(point => point.Gmacs)) * 2, Bottom, Top);
        var ridge = peak / bandwidth;
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Add(svg, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/><text x=\"{Left}\" y=\"22\" font-size=\"14\">{Escape(title)}</text>");
        foreach (var (tick, at) in x.Ticks())
            Add(svg, $"<path d=\"M{at:F1} {Top}V{Bottom}\" stroke=\"#ddd\"/><text x=\"{at:F1}\" y=\"{Bottom + 16}\" text-anchor=\"middle\">{tick:G4}</text>");
        foreach (var (tick, at) in y.Ticks())
            Add(svg, $"<path d=\"M{Left} {at:F1}H{Right}\" stroke=\"#ddd\"/><text x=\"{Left - 6}\" y=\"{at + 4:F1}\" text-anchor=\"end\">{tick:G4}</text>");
        var start = Math.Max(x.Low, y.Low / bandwidth);
        Add(svg, $"<path d=\"M{x.At(start):F1} {y.At(start * bandwidth):F1}L{x.At(ridge):F1} {y.At(peak):F1}L{Right} {y.At(peak):F1}\" fill=\"none\" stroke=\"#c33\" stroke-width=\"2\"/>");
        Add(svg, $"<text x=\"{Right}\" y=\"{y.At(peak) - 6:F1}\" text-anchor=\"end\" fill=\"#c33\">{peak:F0} GMAC/s of 8-bit products, {bandwidth:F1} GB/s</text>");
        foreach (var (label, intensity, gmacs, decode) in points)
            Add(svg, $"<circle cx=\"{x.At(intensity):F1}\" cy=\"{y.At(gmacs):F1}\" r=\"4\" fill=\"{(decode ? "#26c" : "#2a5")}\"/><text x=\"{x.At(intensity) + 6:F1}\" y=\"{y.At(gmacs) + 14:F1}\">{label}</text>");
        Add(svg, $"<text x=\"{(Left + Right) / 2}\" y=\"{Height - 12}\" text-anchor=\"middle\">multiply-adds for each byte of weights (blue: decode, green: prefill); upwards 10^9 of them a second</text></svg>");
        return svg.ToString();
    }

    private static IEnumerable<(string Label, double Intensity, double Gmacs, bool Decode)> Points(KernelReport report) =>
        report.Decode.Select(entry => ($"{entry.Batch}", entry.MacsPerByte, entry.GmacS, true))
            .Concat(report.Prefill.Select(entry => ($"{entry.Chunk}", entry.MacsPerByte, entry.GmacS, false)));

    private static void Add(StringBuilder svg, FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private sealed record Axis(double Low, double High, double From, double To)
    {
        private static readonly int[] Digits = [1, 2, 5];

        public double At(double value) => From + ((To - From) * Math.Log(value / Low) / Math.Log(High / Low));

        /// <summary>Powers of ten, and twice and five times those.</summary>
        public IEnumerable<(double Value, double At)> Ticks() =>
            from power in Enumerable.Range(-6, 14)
            from digit in Digits
            let value = digit * Math.Pow(10, power)
            where value >= Low && value <= High
            select (value, At(value));
    }
}
