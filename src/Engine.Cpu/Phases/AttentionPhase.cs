using System.Runtime.Intrinsics;
using Penstock.Engine.Cpu.Attention;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Cpu.Threading;
using Penstock.Engine.Running;

namespace Penstock.Engine.Cpu.Phases;

/// <summary>Attention of a layer, shared out in tiles. Neither tiles nor the width of vectors change a result.</summary>
internal sealed unsafe class AttentionPhase : ITeamJob, IDisposable
{
    private readonly IAttention[] workers;
    private readonly AttentionPlan plan;
    private readonly LayerAttention[] layers;
    private readonly float* queries;
    private readonly ActivationRows output;
    private readonly int stride;
    private int layer;

    public AttentionPhase(CpuKvStore store, ThreadTeam team, int maxRows, float* queries, int queryHeads, in ActivationRows output, LayerAttention[] layers, KernelPath path)
    {
        (this.layers, this.output) = (layers, output);
        this.queries = queries;
        stride = Strides.For(queryHeads * store.Layout.HeadWidth);
        plan = new AttentionPlan(queryHeads, store.Layout.Heads, team.Size, maxRows);
        workers = new IAttention[team.Size];
        var most = Math.Max(AttentionPlan.MostQueries, queryHeads / store.Layout.Heads);
        for (var i = 0; i < workers.Length; i++)
        {
            workers[i] = path == KernelPath.Avx512
                ? new PagedAttention<Lanes512, Vector512<float>>(store, queryHeads, most)
                : new PagedAttention<Lanes256, Vector256<float>>(store, queryHeads, most);
        }
    }

    /// <summary>Plans the step, once for all layers.</summary>
    public void Plan(StepBatch batch) => plan.Take(batch);

    public void Run(ThreadTeam team, int index)
    {
        layer = index;
        team.Run(this, plan.Tiles.Length);
    }

    public void Execute(int item, int worker) => workers[worker].Run(in plan.Tiles[item], layer, layers[layer], queries, stride, in output);

    public void Dispose()
    {
        foreach (var worker in workers)
            worker.Dispose();
    }
}
