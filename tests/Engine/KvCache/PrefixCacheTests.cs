using FsCheck;
using FsCheck.Fluent;

namespace Penstock.Engine.Tests.KvCache;

public sealed class PrefixCacheTests
{
    [Fact]
    public void AnyLives_SharedPrefixes_LogitsAsAloneAndEveryBlockAccountedFor()
    {
        var shared = 0;
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(150),
            Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
            {
                using var machine = new PrefixCacheMachine(seed);
                machine.Run(150);
                shared += machine.Shared;
            }));
        Assert.True(shared > 10_000, $"Only {shared} tokens were shared: the lives meet too rarely.");
    }
}
