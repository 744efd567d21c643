namespace Akira.Benchmarks.Runbooks;

/// <summary>Steps on many hosts beside Debian's <c>pssh</c> and <c>ansible-core</c>, and the checker.</summary>
internal static class RunbookRows
{
    private const int Hosts = 50;

    public static async Task Print(int rounds)
    {
        using (var ssh = new SshBench(Hosts))
        {
            await ssh.Akira(); // compiles
            var ours = new List<(double Cold, double Warm, double Hurried)>();
            var pssh = new List<double>();
            var (ansible, raw) = (new List<(double Cold, double Warm)>(), new List<(double Cold, double Warm)>());
            for (var round = 0; round < rounds; round++)
            {
                ours.Add(await ssh.Akira());
                pssh.Add(ssh.ParallelSsh());
                ansible.Add(ssh.Ansible("command"));
                raw.Add(ssh.Ansible("raw"));
            }
            Console.WriteLine("| `uptime` on 50 hosts | akira, s | parallel-ssh | ansible | ansible, raw |");
            Console.WriteLine("|---|---:|---:|---:|---:|");
            Row("warm", Median(ours.Select(o => o.Warm)), [pssh, ansible.Select(a => a.Warm), raw.Select(r => r.Warm)]);
            Row(
                "warm, one run after another",
                Median(ours.Select(o => o.Hurried)),
                [pssh, ansible.Select(a => a.Warm), raw.Select(r => r.Warm)]
            );
            Row("cold", Median(ours.Select(o => o.Cold)), [pssh, ansible.Select(a => a.Cold), raw.Select(r => r.Cold)]);
        }
        using var check = new CheckBench();
        Console.WriteLine("\n| what | akira |\n|---|---:|");
        Console.WriteLine(
            $"| `akira check` on 1,000 runbook files, its start included, s | {Median(Several(() => check.Files(1000))):N2} |"
        );
        check.Length(1_000_000);
        Console.WriteLine($"| a runbook of 1 MB, ms | {Median(Several(() => check.Length(1_000_000))) * 1000:N0} |");

        IEnumerable<double> Several(Func<double> measure) =>
            Enumerable.Range(0, Math.Max(rounds, 5)).Select(_ => measure()).ToList();
    }

    private static void Row(string state, double ours, IEnumerable<double>[] peers) =>
        Console.WriteLine(
            $"| {state} | {ours:N2} | {string.Join(" | ", peers.Select(Median).Select(p => $"{p:N2} s, {p / ours:N1} ×"))} |"
        );

    private static double Median(IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
