using Penstock.Engine.Cpu.Threading;

namespace Penstock.Engine.Cpu.Tests.Threading;

public class FairGateTests
{
    [Fact]
    public void Enter_OfSeveral_LetsThemThroughInTheOrderOfArrival()
    {
        var gate = new FairGate();
        var order = new List<int>();
        var waiting = new List<Thread>();
        gate.Enter();
        for (var i = 0; i < 8; i++)
        {
            var number = i;
            var thread = new Thread(() =>
            {
                gate.Enter();
                order.Add(number);
                gate.Exit();
            });
            thread.Start();
            waiting.Add(thread);
            SpinWait.SpinUntil(() => gate.Waiting == number + 1);
        }

        gate.Exit();
        waiting.ForEach(thread => thread.Join());
        Assert.Equal(Enumerable.Range(0, 8), order);
    }

    [Fact]
    public void Enter_AgainRightAfterLeaving_WaitsBehindWhoWaited()
    {
        var gate = new FairGate();
        var other = false;
        gate.Enter();
        var thread = new Thread(() =>
        {
            gate.Enter();
            other = true;
            gate.Exit();
        });
        thread.Start();
        SpinWait.SpinUntil(() => gate.Waiting == 1);
        gate.Exit();
        gate.Enter();
        Assert.True(other);
        gate.Exit();
        thread.Join();
    }
}
