using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Akira.Lab.Tests;

/// <summary>The management app as it runs in the lab: out of its images, in front of a Kamailio that carries calls.</summary>
public sealed class ManagementTests : IDisposable
{
    private const string Sipp = "akira-sipp-01-staging";
    private const string Kamailio = "ssh akira-sip-01-staging 'systemctl show kamailio -p MainPID'";

    private readonly HttpClient _backend = new()
    {
        BaseAddress = new Uri("http://10.77.0.31:8080"),
        DefaultRequestHeaders =
        {
            Authorization = new(
                "Bearer",
                File.ReadAllText(Path.Combine(Machine.LabState(), "keys", "app-admin.secret")).Trim()
            ),
        },
    };

    [Fact]
    public async Task A_call_is_in_the_traffic_within_five_seconds_and_is_found_by_its_call_id()
    {
        var before = await Attempts("pilot");

        var called = await Machine.Paste(Call("test-$RANDOM"));
        Assert.True(called.ExitCode == 0, called.Output);
        var ended = TimeProvider.System.GetTimestamp();
        while (await Attempts("pilot") == before)
        {
            // Two of the five it talked.
            Assert.True(TimeProvider.System.GetElapsedTime(ended) < TimeSpan.FromSeconds(3), "no call was seen");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        var callId = called.Output.Trim();
        var found = Assert.Single(await Calls($"callId={Uri.EscapeDataString(callId)}"))!;
        Assert.Equal("pilot", (string?)found["customer"]);
    }

    [Fact]
    public async Task A_trunk_that_is_added_carries_calls_while_kamailio_goes_on()
    {
        var trunk = $"carrier-{RandomNumberGenerator.GetInt32(1_000_000)}"; // an id is taken for good
        // Whoever talks to Kamailio must find it anew after a restart.
        await Machine.Paste("ssh akira-sip-01-staging 'systemctl restart kamailio'");
        var kamailio = await Machine.Paste(Kamailio);
        await Machine.Paste(
            $"ssh {Sipp} 'systemd-run --quiet --unit=carrier-new sipp -sf /opt/akira/sipp/carrier.xml -i 10.77.0.41 -p 5090 -nostdin'"
        );
        try
        {
            await Post("api/trunks", $$"""{"id":"{{trunk}}","name":"New","host":"10.77.0.41","port":5090}""");
            var route = await Post("api/routes", $$"""{"prefix":"390655001","trunks":["{{trunk}}"]}""");
            try
            {
                for (var tries = 0; !await IsCarried(trunk); tries++)
                    Assert.True(tries < 10, "no call went over it");
            }
            finally
            {
                await Archive("routes", (string)route["id"]!);
                await Archive("trunks", trunk);
            }
        }
        finally
        {
            await Machine.Paste($"ssh {Sipp} 'systemctl stop carrier-new'");
        }
        Assert.Equal(kamailio.Output, (await Machine.Paste(Kamailio)).Output);
    }

    [Fact]
    public async Task A_deploy_and_its_rollback_are_on_record()
    {
        var deployed = await Machine.Paste(
            "ssh akira-mgmt-01-staging '/opt/akira/deploy 1.0.0 && /opt/akira/rollback'",
            TimeSpan.FromMinutes(3)
        );
        Assert.True(deployed.ExitCode == 0, deployed.Output);

        var recorded = await _backend.GetFromJsonAsync<JsonArray>("api/deploys?limit=2");
        Assert.Equal(["1.0.1", "1.0.0"], recorded!.Select(d => (string?)d!["version"]));
    }

    [Theory]
    [InlineData("akira-backend")]
    [InlineData("akira-frontend")]
    [InlineData("akira-cdr-worker")]
    public async Task A_container_is_nobody_special_and_writes_nothing(string name)
    {
        var how = await Machine.Paste(
            $"ssh akira-mgmt-01-staging 'docker inspect -f \"{{{{.Config.User}}}} {{{{.HostConfig.ReadonlyRootfs}}}} {{{{.HostConfig.CapDrop}}}}\" {name}'"
        );
        Assert.Equal("10001:10001 true [ALL]", how.Output.Trim());
    }

    /// <summary>One smoke call under a Call-ID of its own, which it prints.</summary>
    private static string Call(string callId, string number = "+390655000100") =>
        $$"""
            ssh {{Sipp}} 'cd /opt/akira/sipp && id={{callId}} &&
              printf "SEQUENTIAL\n+39055000001;{{number}}\n" >/run/one.csv &&
              { timeout 30 sipp akira-sip-01-staging:5060 -sf smoke_e2e_single.xml -inf /run/one.csv -i 10.77.0.41 -m 1 -cid_str "$id" -nostdin \
                -trace_err -error_file /run/one.errors >/run/one.screen 2>&1 ||
                { code=$?; cat /run/one.errors; tail -20 /run/one.screen; exit $code; }; } &&
              echo "$id"'
            """;

    private async Task<bool> IsCarried(string trunk)
    {
        var called = await Machine.Paste(Call("test-$RANDOM", "+390655001234"));
        Assert.True(called.ExitCode == 0, called.Output);
        var query = $"callId={Uri.EscapeDataString(called.Output.Trim())}";
        var ended = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await Calls(query) is [var call, ..])
                return (string?)call!["trunk"] == trunk;
            Assert.True(
                TimeProvider.System.GetElapsedTime(ended) < TimeSpan.FromSeconds(5),
                "the call is not on record"
            );
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private async Task<int> Attempts(string customer)
    {
        var traffic = await _backend.GetFromJsonAsync<JsonObject>($"api/traffic?minutes=60&customer={customer}");
        return traffic!["minutes"]!.AsArray().Sum(m => (int)m!["attempts"]!);
    }

    private async Task<JsonArray> Calls(string query) =>
        (await _backend.GetFromJsonAsync<JsonObject>($"api/calls?{query}"))!["items"]!.AsArray();

    private async Task<JsonObject> Post(string path, string json, string? version = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = JsonContent.Create(JsonElement.Parse(json)),
        };
        if (version is not null)
            request.Headers.IfMatch.Add(new($"\"{version}\""));
        using var answer = await _backend.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    private async Task Archive(string path, string id)
    {
        var entry = await _backend.GetFromJsonAsync<JsonObject>($"api/{path}/{id}");
        await Post($"api/{path}/{id}/archive", "{}", ((int)entry!["version"]!).ToString(CultureInfo.InvariantCulture));
    }

    public void Dispose() => _backend.Dispose();
}
