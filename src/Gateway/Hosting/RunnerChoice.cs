namespace Penstock.Gateway.Hosting;

/// <summary>What computes a model.</summary>
public enum RunnerChoice
{
    /// <summary>The CPU engine where it knows the model, else llama.cpp where its libraries are installed.</summary>
    Auto,

    /// <summary>Penstock's own CPU engine.</summary>
    Cpu,

    /// <summary>llama.cpp, through libraries that are installed separately.</summary>
    Llama,
}
