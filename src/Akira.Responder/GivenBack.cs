using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Akira.Responder;

/// <summary>
/// Each minute, native memory that nobody uses goes back to the system. The compiler of the runtime takes some 15 MB when many
/// methods become hot at once, frees them, and glibc would keep them for good.
/// </summary>
internal sealed partial class GivenBack(TimeProvider world) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var minute = new PeriodicTimer(TimeSpan.FromMinutes(1), world);
        while (await minute.WaitForNextTickAsync(stoppingToken))
            try
            {
                _ = Trim(keep: 0);
            }
            catch (EntryPointNotFoundException)
            {
                return; // the call is glibc's; other systems give back by themselves
            }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
