using System.Globalization;
using System.Text;

namespace Penstock.Models.Templates.Evaluation;

/// <summary><c>strftime</c> in English with the directives of the reference dialect; others stay as they are written.</summary>
internal static class Dates
{
    public static string Format(DateTimeOffset time, string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            var directive = format[i] == '%' && i + 1 < format.Length ? Directive(format[i + 1]) : null;
            if (directive is null)
            {
                text.Append(format[i]);
                continue;
            }

            text.Append(directive == "%" ? "%" : time.ToString(directive, CultureInfo.InvariantCulture));
            i++;
        }

        return text.ToString();
    }

    private static string? Directive(char letter) => letter switch
    {
        'Y' => "yyyy",
        'm' => "MM",
        'd' => "dd",
        'b' => "MMM",
        'B' => "MMMM",
        'H' => "HH",
        'M' => "mm",
        '%' => "%",
        _ => null,
    };
}
