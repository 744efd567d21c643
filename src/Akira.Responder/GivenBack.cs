using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Akira.Responder;

/// <summary>
/// While the responder rests, memory that nobody uses goes back to the system. The collector would let garbage grow to 20 MB before it
/// looks, by the size of the processor's cache; and of the 15 MB that the runtime's compiler takes when many methods become hot at once
/// glibc would keep what is freed.
/// </summary>
internal sealed partial class GivenBack(TimeProvider world) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>Who allocates more than this between two looks is at work.</summary>
    private const long AtWork = 16 * 1024 * 1024;

    /// <summary>A heap up to here is collected in some milliseconds. A larger one is in use: thousands of alerts fire.</summary>
    private const long Small = 48 * 1024 * 1024;

    /// <summary>For less than this it is not worth the while.</summary>
    private const long Little = 4 * 1024 * 1024;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(Every, world);
        var (collected, last) = (0L, GC.GetTotalAllocatedBytes());
        while (await look.WaitForNextTickAsync(stoppingToken))
        {
            var now = GC.GetTotalAllocatedBytes();
            var isAtRest = now - last < AtWork;
            last = now;
            if (!isAtRest || now - collected < Little || GC.GetTotalMemory(forceFullCollection: false) > Small)
                continue;
            collected = now;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            TrimNative();
        }
    }

    private static void TrimNative()
    {
        try
        {
            _ = Trim(keep: 0);
        }
        catch (EntryPointNotFoundException)
        {
            // the call is glibc's; other systems give back by themselves
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
