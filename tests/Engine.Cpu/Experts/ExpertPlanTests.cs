using FsCheck;
using FsCheck.Fluent;
using Penstock.Engine.Cpu.Experts;

namespace Penstock.Engine.Cpu.Tests.Experts;

public class ExpertPlanTests
{
    [Fact]
    public void Group_AnyChoice_GivesEveryRowItsPlacesSideBySideByExpert() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new System.Random(seed);
            var count = random.Next(1, 20);
            var used = random.Next(1, count + 1);
            var plan = new ExpertPlan(40, count, used);
            for (var layer = 0; layer < 3; layer++)
            {
                var rows = random.Next(1, 41);
                for (var row = 0; row < rows; row++)
                    Enumerable.Range(0, count).OrderBy(_ => random.Next()).Take(used).ToArray().CopyTo(plan.Experts(row));
                plan.Group(rows);
                Check(plan, rows, count, used);
            }
        }).QuickCheckThrowOnFailure();

    private static void Check(ExpertPlan plan, int rows, int count, int used)
    {
        Assert.Equal(rows * used, plan.Places);
        var seen = new HashSet<int>();
        for (var row = 0; row < rows; row++)
        {
            for (var rank = 0; rank < used; rank++)
            {
                var (expert, place) = (plan.Experts(row)[rank], plan.PlacesOf(row)[rank]);
                Assert.Equal(row, plan.Row(place));
                Assert.InRange(place, plan.First(expert), plan.First(expert) + plan.Rows(expert) - 1);
                Assert.True(seen.Add(place));
            }
        }

        Assert.Equal(Enumerable.Range(0, count).Where(expert => plan.Rows(expert) > 0), plan.Busy.ToArray());
        Assert.Equal(rows * used, Enumerable.Range(0, count).Sum(plan.Rows));
    }
}
