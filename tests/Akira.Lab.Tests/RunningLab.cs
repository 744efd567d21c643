using System.Text.Json;
using Xunit.Sdk;

[assembly: Xunit.v3.Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Akira.Lab.Tests.RunningLab))]

namespace Akira.Lab.Tests;

/// <summary>The lab, up before the first test and down after the last, where it was not up already.</summary>
public sealed class RunningLab : IAsyncLifetime
{
    private bool _stop;

    public async ValueTask InitializeAsync()
    {
        _stop = !(await Status()).GetProperty("up").GetBoolean();
        await BringUp();
    }

    /// <summary>Without harm where it is up.</summary>
    internal static async Task<Machine.Ran> BringUp()
    {
        var up = await Machine.Lab("up");
        Assert.True(up.ExitCode == 0, up.Output);
        return up;
    }

    public static async Task<JsonElement> Status()
    {
        var status = await Machine.Lab("status", "--json");
        Assert.True(status.ExitCode == 0, status.Output);
        return JsonElement.Parse(status.Output);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop)
            await Machine.Lab("down");
    }
}
