using System.Collections.Immutable;
using Akira.Core.Runbooks.Shell;

namespace Akira.Core.Runbooks;

/// <summary>
/// What the responder takes for granted about commands. To let a command of yours run by itself, add a line to
/// <see cref="Reads"/> that lists the options it may be given; to guard one more, add a line to <see cref="Destroys"/>.
/// </summary>
internal static class EffectTable
{
    private const string Any = ReadCommand.AnyOption;
    private const string Units = "-a -q -l --all --quiet --full --no-pager --plain --no-legend --failed";
    private const string UnitValues = "-n -o -p -t --lines --output --property --type --state";
    private const string Nats = "-s --server --context --timeout";
    private const string Compose = "-f -p --file --project-name --format --filter --status --tail --since --until -n";

    /// <summary>Proven to read, when called like this and joined with nothing else.</summary>
    public static ImmutableArray<ReadCommand> Reads { get; } =
    [
        // Text and files. Nothing here writes, whatever its options.
        .. "cat head tail grep egrep fgrep zcat zgrep wc cut tr nl tac rev column jq stat ls du md5sum sha256sum"
            .Split(' ')
            .Select(program => new ReadCommand(program, Any)),
        new("sort", "-b -f -h -n -r -u -V --reverse --unique", "-k -t"),
        new("uniq", "-c -d -i -u", Words: _ => false),
        // The machine.
        .. "df free uptime ps pgrep pidof id whoami uname nproc lsblk lscpu vmstat iostat lsof netstat which getent"
            .Split(' ')
            .Select(program => new ReadCommand(program, Any)),
        .. "true false echo printf test cd sleep pg_isready pg_lsclusters pg_controldata dig host nslookup"
            .Split(' ')
            .Select(program => new ReadCommand(program, Any)),
        new("hostname", "-f -s -i -I", Words: _ => false),
        new("date", "-u --utc -R -I", "-d", Words: w => w.StartsWith('+')),
        new("set", "-e -u -x", "-o", Words: _ => false),
        new("ss", "-t -u -l -n -p -a -s -i -e -m -o -x -4 -6"),
        new("ping", "-n -q -4 -6", "-c -W -w -I -s", Needs: "-c"),
        new("timedatectl status", "--no-pager"),
        new("chronyc tracking", "-n"),
        new("chronyc sources", "-n -v"),
        .. from thing in "a addr address l link r route n neigh ru rule".Split(' ')
        from show in new[] { "show", "list", "ls", "get" }
        select new ReadCommand($"ip {thing} {show}", "-4 -6 -s -d -o -br -brief"),
        .. from thing in "a addr address l link r route n neigh ru rule".Split(' ')
        select new ReadCommand($"ip {thing}", "-4 -6 -s -d -o -br -brief", Words: _ => false),
        // systemd. Another machine (-H, -M) is never meant.
        .. "status is-active is-enabled is-failed list-units list-unit-files list-timers list-sockets list-jobs list-dependencies show cat"
            .Split(' ')
            .Select(verb => new ReadCommand($"systemctl {verb}", Units, UnitValues)),
        new(
            "journalctl",
            "-a -b -e -f -k -q -r -x -# --all --no-pager --reverse --utc --quiet --dmesg --boot --no-hostname --no-tail",
            "-u -n -p -o -g -t -S -U --unit --lines --priority --output --grep --identifier --since --until --case-sensitive"
        ),
        // Containers.
        new("docker ps", "-a -q -l -s --all --quiet --no-trunc --latest --size", "-f -n --filter --format --last"),
        new("docker logs", "-f -t --follow --timestamps --details", "-n --tail --since --until"),
        new("docker inspect", "-s --size", "-f --format --type"),
        new("docker images", "-a -q --all --quiet --no-trunc --digests", "-f --filter --format"),
        new("docker top"),
        new("docker stats", "-a --all --no-stream --no-trunc", "--format", Needs: "--no-stream"),
        new("docker version", "", "-f --format"),
        new("docker info", "", "-f --format"),
        new("docker volume ls", "-q --quiet", "-f --filter --format"),
        new("docker volume inspect", "", "-f --format"),
        new("docker network ls", "-q --quiet --no-trunc", "-f --filter --format"),
        new("docker network inspect", "-v", "-f --format"),
        new("docker system df", "-v", "--format"),
        .. "ps logs ls images top version"
            .Split(' ')
            .SelectMany(verb =>
                new[] { "docker compose", "docker-compose" }.Select(c => new ReadCommand(
                    $"{c} {verb}",
                    "-a -q -t --all --quiet --services --follow --timestamps --no-color --no-trunc",
                    Compose
                ))
            ),
        // Voice.
        new("kamailio", "-c", "-f", Words: _ => false, Needs: "-c"),
        .. "core.version core.uptime core.info core.psx core.shmmem stats.get_statistics stats.fetch tm.stats dlg.list dlg.stats_active dispatcher.list htable.dump"
            .Split(' ')
            .Select(verb => new ReadCommand($"kamcmd {verb}", "", "-s")),
        // The smoke calls: the way to see whether calls pass is to make one.
        new("./run_scenario.sh"),
        // Messages.
        .. "stream info,stream ls,stream report,stream state,consumer info,consumer ls,consumer report,server ping,rtt"
            .Split(',')
            .Select(verb => new ReadCommand($"nats {verb}", "-j --json -a -n --names", Nats)),
        // The web, certificates, secrets.
        new(
            "curl",
            "-f -s -S -k -v -I -i -L -4 -6 --fail --silent --show-error --insecure --verbose --head --include --location",
            "-m -A -H --max-time --connect-timeout --user-agent --header --resolve --cacert --retry",
            Words: w =>
                w.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
                || w.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        ),
        new(
            "openssl x509",
            "-noout -text -dates -enddate -startdate -subject -issuer -serial -fingerprint",
            "-in -checkend -ext",
            Words: _ => false
        ),
        new("openssl s_client", "-brief -showcerts", "-connect -servername -CAfile -starttls", Words: _ => false),
        new("caddy validate", "", "--config --adapter", Words: _ => false),
        new("caddy version"),
        new("nginx", "-t -T -q -v -V", Words: _ => false, Needs: "-t"),
        new("vault status", "", "-format -address"),
    ];

    /// <summary>Whatever else stands around it: this loses data, evidence or a machine.</summary>
    public static ImmutableArray<DestructivePattern> Destroys { get; } =
    [
        .. """
            rm -r|-R|--r*
            dd of=*
            mkfs*
            mke2fs|mkswap|wipefs|shred|blkdiscard|fdisk|sfdisk|gdisk|parted
            lvremove|vgremove|pvremove|lvreduce
            zfs|zpool destroy|rollback
            truncate
            find -delete
            find -exec|-execdir|-ok rm|shred|unlink
            xargs rm|shred|unlink
            rsync --del*|--remove-source-files
            git clean|reset -f|--hard
            crontab -r
            userdel|deluser
            drop table|database|schema|index|view|role|user|column|constraint|owned|tablespace|materialized|sequence|function|subscription|publication
            delete from
            dropdb|dropuser|initdb|pg_dropcluster|pg_resetwal|pg_rewind
            pg_promote|pg_drop_replication_slot
            pg_ctl|pg_ctlcluster promote
            pg_ctl|pg_ctlcluster stop immediate
            repmgr standby promote|switchover
            patronictl failover|switchover|remove|reinit
            nats|nats-server stream|str|s purge|rm|rmm|delete|del
            nats|nats-server consumer|con|c rm|delete|del
            nats kv|object rm|del|purge
            docker volume|system|image|network|container|builder prune
            docker volume rm|remove
            docker compose down|rm -v|--volumes
            docker-compose down|rm -v|--volumes
            docker rm -v|--volumes
            kubectl delete|drain
            vault kv|secrets|lease|token delete|destroy|disable|revoke
            vault operator rekey|generate-root
            etcdctl del
            redis-cli flushall|flushdb
            shutdown|reboot|poweroff|halt
            init|telinit 0|1|6
            systemctl reboot|poweroff|halt|kexec|rescue|emergency|isolate
            iptables|ip6tables -F|--flush|-X
            nft flush|delete
            ufw reset|disable
            ip link|addr|address|route|l|a|r del|delete|flush|down
            kill|pkill|killall -9|-KILL|-SIGKILL|KILL|SIGKILL postgres*|postmaster
            postgres*|postmaster kill -9|-KILL|-SIGKILL
            journalctl --vac*|--rot*
            history -c
            """.Split('\n').Select(line => new DestructivePattern(line)),
    ];
}
