using Penstock.Engine.Cpu.Attention;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>What is a layer's own in an architecture that alternates.</summary>
/// <param name="Attention">Window, scale and cap.</param>
/// <param name="Rope">The rotation of queries and keys; null: the layer knows no positions.</param>
internal sealed record LayerPlan(LayerAttention Attention, RopeDescription? Rope);
