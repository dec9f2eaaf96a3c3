using Penstock.Contracts.Requests;
using Penstock.Engine.Adapters;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Serving.Requests;

namespace Penstock.Engine.Serving.Loop;

/// <summary>What other threads tell the loop.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Request">The request concerned; null for a shed and an adapter.</param>
/// <param name="Class">The class of which a waiting request is to be given up.</param>
/// <param name="Tenant">Whose that is to be.</param>
/// <param name="Adapter">The adapter to free.</param>
internal readonly record struct EngineCommand(CommandKind Kind, EngineRequest? Request, ServiceClass Class = default, TenantAccount? Tenant = null, ServedAdapter? Adapter = null);
