using System.Collections.Immutable;
using Akira.Core.Runbooks.Shell;

namespace Akira.Core.Runbooks;

/// <summary>
/// What the responder takes for granted about commands. To let a command of yours run by itself, add a line to
/// <see cref="Reads"/> that lists the options it may be given (<c>-n=</c>: with a value); to guard one more, add a line to
/// <see cref="Destroys"/>. Then add both verdicts to the corpus of the tests, <c>effects.tsv</c>.
/// </summary>
internal static class EffectTable
{
    private const string Any = "-*";
    private const string Units =
        "-a -q -l --all --quiet --full --no-pager --plain --no-legend --failed -n= -o= -p= -t= --lines= --output= --property= --type= --state=";
    private const string Nats = "-s= --server= --context= --timeout=";
    private const string Ip = "-4 -6 -s -d -o -br -brief";

    /// <summary>Proven to read, when called like this and joined with nothing else.</summary>
    public static ImmutableArray<ReadCommand> Reads { get; } =
    [
        // Text and files. Nothing here writes, whatever its options.
        .. "cat head tail grep egrep fgrep zcat zgrep wc cut tr nl tac rev column jq stat ls du md5sum sha256sum diff cmp comm cd"
            .Split(' ')
            .Select(program => new ReadCommand(program, Any, PlainWord.File)),
        new("sort", "-b -f -h -n -r -u -V --reverse --unique -k= -t=", PlainWord.File),
        new("uniq", "-c -d -i -u", PlainWord.None),
        new(
            "find",
            "-name= -iname= -path= -type= -size= -mtime= -mmin= -newer= -user= -maxdepth= -mindepth= -xdev -empty -print -ls",
            PlainWord.File
        ),
        // The machine.
        .. "free uptime ps pgrep pidof id whoami uname nproc lsblk lscpu lsmod vmstat iostat netstat which getent w who last findmnt"
            .Split(' ')
            .Select(program => new ReadCommand(program, Any)),
        .. "true false echo sleep pg_isready pg_lsclusters pg_controldata dig host nslookup"
            .Split(' ')
            .Select(program => new ReadCommand(program, Any)),
        new("printf", Words: PlainWord.Printed),
        new("test", "-e -f -d -s -r -w -x -L -z -n -eq -ne -gt -ge -lt -le", PlainWord.Operand),
        // Of its options: "keyword" turns words of the commands that follow into their environment.
        new(
            "set",
            "-e -u -x -o=",
            PlainWord.None,
            Values: (_, value) => value is "pipefail" or "errexit" or "nounset" or "xtrace"
        ),
        new("df", "-a -h -H -i -k -l -m -P -T --total -t= -x= --type= --output="),
        new("lsof", "-n -P -l -t -i -p= -u="),
        new("dmesg", "-T -H -k -x -t --ctime --notime -l= -f= --level= --facility= --since= --until=", PlainWord.None),
        new("sysctl", "-a -n", PlainWord.Setting),
        new("crontab", "-l -u=", PlainWord.None, Needs: "-l"),
        new("mount", "-l", PlainWord.None),
        new("swapon", "--show", PlainWord.None, Needs: "--show"),
        new("hostname", "-f -s -i -I", PlainWord.None),
        new("date", "-u --utc -R -I -Iseconds -d= --date=", w => w.StartsWith('+')),
        new("ss", "-t -u -l -n -p -a -s -i -e -m -o -x -4 -6"),
        new("ping", "-n -q -4 -6 -c= -W= -w= -I= -s=", Needs: "-c"),
        new("timedatectl status", "--no-pager", PlainWord.None),
        new("chronyc tracking", "", PlainWord.None, Before: "-n"),
        new("chronyc sources", "-v", PlainWord.None, Before: "-n"),
        .. from thing in "a addr address l link r route n neigh ru rule".Split(' ')
        from show in new[] { "show", "list", "ls", "get" }
        select new ReadCommand($"ip {thing} {show}", Before: Ip),
        .. from thing in "a addr address l link r route n neigh ru rule".Split(' ')
        select new ReadCommand($"ip {thing}", "", PlainWord.None, Before: Ip),
        // systemd. Another machine (-H, -M) is never meant.
        .. "status is-active is-enabled is-failed list-units list-unit-files list-timers list-sockets list-jobs list-dependencies show cat"
            .Split(' ')
            .Select(verb => new ReadCommand($"systemctl {verb}", Units, Before: Units)),
        new("systemctl", Units, PlainWord.None, Needs: "--failed"),
        new(
            "journalctl",
            "-a -b -e -f -k -q -r -x -# --all --no-pager --reverse --utc --quiet --dmesg --boot --no-hostname --no-tail -u= -n= -p= -o= -g= -t= -S= -U= --unit= --lines= --priority= --output= --grep= --identifier= --since= --until= --case-sensitive="
        ),
        // Containers.
        new("docker ps", "-a -q -l -s --all --quiet --no-trunc --latest --size -f= -n= --filter= --format= --last="),
        new("docker logs", "-f -t --follow --timestamps --details -n= --tail= --since= --until="),
        new("docker inspect", "-s --size -f= --format= --type="),
        new("docker images", "-a -q --all --quiet --no-trunc --digests -f= --filter= --format="),
        new("docker top"),
        new("docker stats", "-a --all --no-stream --no-trunc --format=", Needs: "--no-stream"),
        new("docker version", "-f= --format=", PlainWord.None),
        new("docker info", "-f= --format=", PlainWord.None),
        new("docker volume ls", "-q --quiet -f= --filter= --format="),
        new("docker volume inspect", "-f= --format="),
        new("docker network ls", "-q --quiet --no-trunc -f= --filter= --format="),
        new("docker network inspect", "-v -f= --format="),
        new("docker system df", "-v --format=", PlainWord.None),
        .. from compose in new[] { "docker compose", "docker-compose" }
        from verb in "ps logs ls images top version".Split(' ')
        select new ReadCommand(
            $"{compose} {verb}",
            "-a -q -t -f --all --quiet --services --follow --timestamps --no-color --no-trunc -n= --format= --filter= --status= --tail= --since= --until=",
            Before: "-f= -p= --file= --project-name="
        ),
        // Voice.
        // It loads the modules that the file names.
        new(
            "kamailio",
            "-c -f=",
            PlainWord.None,
            Needs: "-c",
            Values: (_, value) => value.StartsWith("/etc/kamailio/", StringComparison.Ordinal)
        ),
        .. "core.version core.uptime core.info core.psx core.shmmem stats.get_statistics stats.fetch tm.stats dlg.list dlg.stats_active dispatcher.list htable.dump"
            .Split(' ')
            .Select(verb => new ReadCommand($"kamcmd {verb}", Before: "-s=")),
        // The smoke calls: the way to see whether calls pass is to make one. A scenario can run programs, so only those
        // that stand beside the script.
        new("/opt/akira/sipp/run_scenario.sh", Words: PlainWord.FileName),
        // Messages.
        .. "stream info,stream ls,stream report,stream state,consumer info,consumer ls,consumer report,server ping,rtt"
            .Split(',')
            .Select(verb => new ReadCommand($"nats {verb}", "-j --json -a -n --names " + Nats, Before: Nats)),
        // The database: the statement itself is judged.
        .. from command in new[] { "-c", "--command" }
        select new ReadCommand(
            "psql",
            $"-A -t -x -X -w -q --csv -d= -h= -p= -U= --dbname= --host= --port= --username= {command}=",
            PlainWord.Name,
            Needs: command,
            Values: (option, value) => option == command ? ReadQuery.Proves(value) : PlainWord.Name(value)
        ),
        // The web, certificates, secrets. No header: one can turn a GET into anything.
        new(
            "curl",
            "-f -s -S -k -v -I -i -L -4 -6 --fail --silent --show-error --insecure --verbose --head --include --location -m= -o= -w= --max-time= --connect-timeout= --resolve= --cacert= --retry=",
            PlainWord.WebAddress,
            Values: (option, value) =>
                option switch
                {
                    "-o" => value == "/dev/null",
                    "-w" => value is "%{http_code}" or "%{http_code}\\n",
                    _ => true,
                }
        ),
        new(
            "openssl x509",
            "-noout -text -dates -enddate -startdate -subject -issuer -serial -fingerprint -in= -checkend= -ext=",
            PlainWord.None
        ),
        // What it is fed is sent: see Effects.
        new("openssl s_client", "-brief -showcerts -connect= -servername= -CAfile= -starttls=", PlainWord.None),
        // Not "validate": it opens the log files, and as root leaves new ones that Caddy may not write.
        new("caddy adapt", "--pretty --config= --adapter=", PlainWord.None),
        new("caddy version"),
        new("vault status", "-format= -address=", PlainWord.None),
    ];

    /// <summary>Whatever else stands around it: this loses data, evidence or a machine.</summary>
    public static ImmutableArray<DestructivePattern> Destroys { get; } =
    [
        .. """
            rm -r|-R|--r*
            dd of=*
            mkfs*
            mke2fs|mkswap|wipefs|shred|blkdiscard|fdisk|sfdisk|gdisk|parted
            tee|cp|mv|install|pv /dev/sd*|/dev/vd*|/dev/xvd*|/dev/nvme*|/dev/mapper*|/dev/md*|/dev/dm-*
            lvremove|vgremove|pvremove|lvreduce
            zfs|zpool destroy|rollback
            truncate
            find -delete
            find -exec|-execdir|-ok|-okdir rm|shred|unlink
            xargs|parallel rm|shred|unlink
            rsync --del*|--remove-source-files
            git clean|reset -f|--hard
            crontab -r
            userdel|deluser
            drop table|database|schema|index|view|role|user|column|constraint|owned|tablespace|materialized|sequence|function|subscription|publication|extension|type|trigger
            alter drop
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
            nats|nats-server stream|str|s edit
            nats req|request|pub|publish JS.API.STREAM.DELETE*|JS.API.STREAM.PURGE*|JS.API.STREAM.MSG.DELETE*|JS.API.CONSUMER.DELETE*
            kamdbctl drop|reinit
            docker volume|system|image|network|container|builder prune
            docker volume rm|remove
            docker compose down|rm -v|--volumes
            docker-compose down|rm -v|--volumes
            docker rm -v|--volumes
            kubectl delete|drain
            vault kv|secrets|lease|token delete|destroy|disable|revoke
            vault delete
            vault operator rekey|generate-root
            etcdctl del
            redis-cli flushall|flushdb
            shutdown|reboot|poweroff|halt
            init|telinit 0|1|6
            systemctl reboot|poweroff|halt|kexec|rescue|emergency|isolate
            systemctl start reboot.target|poweroff.target|halt.target|kexec.target|rescue.target|emergency.target
            dbus-send|gdbus|busctl org.freedesktop.login1*|org.freedesktop.systemd1*
            /proc/sysrq-trigger
            mv /var/lib/postgresql*
            apt|apt-get|dpkg purge|--purge|-P
            iptables|ip6tables -F|--flush|-X
            nft flush|delete
            ufw reset|disable
            ip link|addr|address|route|l|a|r del|delete|flush|down
            kill|pkill|killall -9|-KILL|-SIGKILL|KILL|SIGKILL postgres*|postmaster*
            postgres*|postmaster* kill -9|-KILL|-SIGKILL
            journalctl --vac*|--rot*
            dmesg -C|-c|--clear|--read-clear
            history -c
            """.Split('\n').Select(line => new DestructivePattern(line)),
    ];
}
