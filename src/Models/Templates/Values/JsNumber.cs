using System.Globalization;
using System.Numerics;

namespace Penstock.Models.Templates.Values;

/// <summary>Numbers to text and back as ECMAScript does (Number::toString, parseInt, parseFloat, ToNumber).</summary>
internal static class JsNumber
{
    /// <summary>The shortest digits that read back as the same number; an exponent from 1e21 up and below 1e-6.</summary>
    public static string Format(double number)
    {
        if (double.IsNaN(number)) return "NaN";
        if (double.IsInfinity(number)) return number > 0 ? "Infinity" : "-Infinity";
        if (number == 0) return "0";
        if (number == Math.Floor(number) && Math.Abs(number) < 1e15) return ((long)number).ToString(CultureInfo.InvariantCulture);

        var sign = number < 0 ? "-" : "";
        var (digits, point) = Shortest(Math.Abs(number));
        var k = digits.Length;
        if (point is > 0 and <= 21)
            return sign + (k <= point ? digits.PadRight(point, '0') : $"{digits[..point]}.{digits[point..]}");
        if (point is > -6 and <= 0)
            return $"{sign}0.{new string('0', -point)}{digits}";
        var exponent = $"e{(point > 0 ? '+' : '-')}{Math.Abs(point - 1)}";
        return sign + (k == 1 ? digits : $"{digits[..1]}.{digits[1..]}") + exponent;
    }

    /// <summary>A float as the language prints it: with a point, even when it is whole.</summary>
    public static string FormatFloat(double number)
    {
        if (number == 0) return double.IsNegative(number) ? "-0.0" : "0.0";
        var isWhole = Math.Abs(number) < 1e21 && number == Math.Floor(number);
        return isWhole ? ((BigInteger)number).ToString(CultureInfo.InvariantCulture) + ".0" : Format(number);
    }

    /// <summary>The whole text as a number, NaN where it is none.</summary>
    public static double Parse(string text)
    {
        text = JsText.Trim(text);
        if (text.Length == 0) return 0;
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : double.NaN;
        return DecimalPrefix(text) == text.Length ? ParseFloat(text) : double.NaN;
    }

    /// <summary>The longest decimal number that the text begins with, NaN where there is none.</summary>
    public static double ParseFloat(string text)
    {
        text = JsText.TrimStart(text);
        var length = DecimalPrefix(text);
        if (length == 0) return double.NaN;
        var prefix = text[..length];
        if (prefix.EndsWith("Infinity", StringComparison.Ordinal)) return prefix[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        return double.Parse(prefix, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>The integer that the text begins with, NaN where there is none.</summary>
    public static double ParseInteger(string text)
    {
        text = JsText.TrimStart(text);
        var end = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        var start = end;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end == start ? double.NaN : double.Parse(text.AsSpan(0, end), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    private static int DecimalPrefix(string text)
    {
        var position = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        if (text.AsSpan(position).StartsWith("Infinity", StringComparison.Ordinal)) return position + "Infinity".Length;
        var start = position;
        var digits = Digits(text, ref position);
        if (position < text.Length && text[position] == '.')
        {
            position++;
            digits += Digits(text, ref position);
        }

        if (digits == 0) return 0;
        var end = position;
        if (position < text.Length && text[position] is 'e' or 'E')
        {
            position++;
            if (position < text.Length && text[position] is '+' or '-') position++;
            if (Digits(text, ref position) > 0) end = position;
        }

        return end == start ? 0 : end;
    }

    private static int Digits(string text, ref int position)
    {
        var start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position])) position++;
        return position - start;
    }

    /// <summary>The digits without zeros at either end, and where the decimal point stands among them.</summary>
    private static (string Digits, int Point) Shortest(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = exponentAt < 0 ? 0 : int.Parse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var pointAt = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = pointAt < 0 ? mantissa : mantissa[..pointAt];
        var digits = pointAt < 0 ? mantissa : whole + mantissa[(pointAt + 1)..];
        var leading = digits.Length - digits.TrimStart('0').Length;
        return (digits.Trim('0'), whole.Length + exponent - leading);
    }
}
