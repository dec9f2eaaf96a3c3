using System.Diagnostics;
using Penstock.Tests.Support;

namespace Penstock.House.Tests;

/// <summary>The build refuses an arrow that DESIGN's list does not have. Proved by building projects that draw one.</summary>
public sealed class ForbiddenReferenceTests : IDisposable
{
    private readonly string folder = TestData.InRepository("artifacts", "house-test", "src");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Build_ReferenceNotOnTheList_FailsWithPen002()
    {
        var output = Build("<MayReference>nobody</MayReference>", """<ProjectReference Include="../Friend/Friend.csproj" />""");

        Assert.Contains("PEN002", output);
        Assert.Contains("Friend", output);
    }

    [Fact]
    public void Build_NoListAtAll_FailsWithPen001() => Assert.Contains("PEN001", Build("", ""));

    [Fact]
    public void Build_ReferenceOnTheList_Succeeds()
    {
        var output = Build("<MayReference>Friend</MayReference>", """<ProjectReference Include="../Friend/Friend.csproj" />""");

        Assert.DoesNotContain("PEN00", output);
        Assert.Contains("Build succeeded", output);
    }

    private string Build(string property, string item)
    {
        Write("Friend", "<MayReference>nobody</MayReference>", "");
        Write("House", property, item);
        var start = new ProcessStartInfo("dotnet", ["build", Path.Combine(folder, "House", "House.csproj"), "--tl:off", "-nodeReuse:false", "-p:UseSharedCompilation=false"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        start.Environment["MSBUILDTERMINALLOGGER"] = "off";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    private void Write(string name, string property, string item)
    {
        var project = Path.Combine(folder, name);
        Directory.CreateDirectory(project);
        File.WriteAllText(Path.Combine(folder, "..", "Directory.Build.props"), "<Project />");
        File.WriteAllText(Path.Combine(folder, "..", "Directory.Packages.props"), "<Project />");
        File.WriteAllText(Path.Combine(folder, "..", "Directory.Build.targets"), $"""<Project><Import Project="{TestData.InRepository("Directory.Build.targets")}" /></Project>""");
        File.WriteAllText(Path.Combine(project, $"{name}.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework>{property}</PropertyGroup>
              <ItemGroup>{item}</ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(project, "Nothing.cs"), $"namespace {name};");
    }
}
