using System.Text;

namespace Penstock.Constraints.Text.Formats;

/// <summary>RFC 3339's dates and times: days as the month and year have them, leap seconds where it is 23:59 in UTC, durations of its appendix A.</summary>
internal static class DateTimePatterns
{
    private const string LeapYear = @"(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
    private const string Fraction = @"(?:\.\d+)?";
    private const string HourMinute = @"(?:[01]\d|2[0-3]):[0-5]\d";

    public const string Date =
        @"(?:\d\d\d\d-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))|" + LeapYear + "-02-29)";

    private const string Second = @"\d+S";
    private const string Minute = @"\d+M(?:" + Second + ")?";
    private const string DurationTime = @"T(?:\d+H(?:" + Minute + ")?|" + Minute + "|" + Second + ")";
    private const string Month = @"\d+M(?:\d+D)?";

    public const string Duration = @"P(?:(?:\d+D|" + Month + @"|\d+Y(?:" + Month + "))(?:" + DurationTime + @")?|\d+Y(?:" + DurationTime + ")?|" + DurationTime + @"|\d+W)";

    public static string Time { get; } =
        $"(?:{HourMinute}:[0-5]\\d{Fraction}(?:[Zz]|[+-]{HourMinute})|23:59:60{Fraction}[Zz]|{LeapSecondEast()}|{LeapSecondWest()})";

    public static string DateTime { get; } = $"{Date}[Tt]{Time}";

    // East of Greenwich it is 23:59 in UTC plus the offset: one hour more on the clock at each hour of offset, one minute more at each minute.
    private static string LeapSecondEast()
    {
        var fullHours = Join(24, hour => $"{hour:00}:59:60{Fraction}\\+{(hour + 1) % 24:00}:00");
        var hours = Join(24, hour => $"{hour:00}:\\d\\d:60{Fraction}\\+{hour:00}:\\d\\d");
        var minutes = Join(59, minute => $"\\d\\d:{minute:00}:60{Fraction}\\+\\d\\d:{minute + 1:00}");
        return $"{fullHours}|(?={hours}$){minutes}";
    }

    // West of it, 23:59 less the offset.
    private static string LeapSecondWest()
    {
        var hours = Join(24, hour => $"{hour:00}:\\d\\d:60{Fraction}-{23 - hour:00}:\\d\\d");
        var minutes = Join(60, minute => $"\\d\\d:{minute:00}:60{Fraction}-\\d\\d:{59 - minute:00}");
        return $"(?={hours}$){minutes}";
    }

    private static string Join(int count, Func<int, string> option)
    {
        var options = new StringBuilder("(?:");
        for (var i = 0; i < count; i++)
            options.Append(i == 0 ? "" : "|").Append(option(i));

        return options.Append(')').ToString();
    }
}
