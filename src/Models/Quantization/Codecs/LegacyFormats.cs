namespace Penstock.Models.Quantization.Codecs;

/// <summary>Q4_0.</summary>
internal readonly struct Q40 : ILegacyFormat
{
    public static int Bits => 4;

    public static bool HasMinimum => false;
}

/// <summary>Q4_1.</summary>
internal readonly struct Q41 : ILegacyFormat
{
    public static int Bits => 4;

    public static bool HasMinimum => true;
}

/// <summary>Q5_0.</summary>
internal readonly struct Q50 : ILegacyFormat
{
    public static int Bits => 5;

    public static bool HasMinimum => false;
}

/// <summary>Q5_1.</summary>
internal readonly struct Q51 : ILegacyFormat
{
    public static int Bits => 5;

    public static bool HasMinimum => true;
}
