namespace Penstock.Models.Description;

/// <summary>How rotary positions are stretched beyond the context that the model was trained on.</summary>
public enum RopeScaling
{
    None,

    /// <summary>Positions divided by the factor.</summary>
    Linear,

    /// <summary>YaRN (Peng et al., 2023): by frequency, with a correction of the attention's scale.</summary>
    Yarn,

    /// <summary>LongRoPE (Ding et al., 2024): a factor for each frequency, from a tensor.</summary>
    LongRope,
}
