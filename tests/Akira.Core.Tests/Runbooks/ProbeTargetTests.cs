using Akira.Core.Runbooks;

namespace Akira.Core.Tests.Runbooks;

public class ProbeTargetTests
{
    [Theory]
    [InlineData("sip:10.0.0.1", "10.0.0.1:5060")]
    [InlineData("sip:proxy.example.com:5080;transport=tcp", "proxy.example.com:5080")]
    [InlineData("SIP:[2001:db8::1]:5060", "[2001:db8::1]:5060")]
    [InlineData("postgres://probe@10.0.0.1,10.0.0.2:5433/akira", "10.0.0.1:5432 10.0.0.2:5433")]
    [InlineData("nats://10.0.0.1", "10.0.0.1:4222")]
    [InlineData("nats://10.0.0.1:4222/STREAM/consumer", "10.0.0.1:4222")]
    [InlineData("https://www.example.com/healthz?deep=1", "www.example.com:443")]
    [InlineData("vault://10.0.0.1?tls=on", "10.0.0.1:8200")]
    [InlineData("tcp://10.0.0.1:443", "10.0.0.1:443")]
    public void An_address_is_read_with_the_port_that_is_meant(string address, string endpoints) =>
        Assert.Equal(endpoints, string.Join(' ', ProbeTarget.Read(address, out _)!.Endpoints));

    [Theory]
    [InlineData("icmp:10.0.0.1", "Begin it with one of sip:")]
    [InlineData("10.0.0.1:5060", "Begin it with one of sip:")]
    [InlineData("tcp://10.0.0.1", "Write it as tcp://10.0.0.1:443")]
    [InlineData("sip:", "Write it as sip:10.0.0.1:5060")]
    [InlineData("sip:10.0.0.1:99999", "Write it as sip:")]
    [InlineData("sip:10.0.0.1,10.0.0.2", "Write it as sip:")]
    [InlineData("nats://10.0.0.1/STREAM", "Write it as nats://")]
    [InlineData("http://a b/", "Write it as http://")]
    public void What_is_none_is_refused_with_what_one_looks_like(string address, string fix)
    {
        Assert.Null(ProbeTarget.Read(address, out var said));
        Assert.StartsWith(fix, said);
    }

    [Fact]
    public void What_stands_after_the_address_is_read_too()
    {
        Assert.True(ProbeTarget.Read("sip:10.0.0.1;transport=tcp", out _)!.OverTcp);
        Assert.True(ProbeTarget.Read("vault://10.0.0.1:8200?tls=on", out _)!.IsEncrypted);
        Assert.False(ProbeTarget.Read("vault://10.0.0.1:8200", out _)!.IsEncrypted);
        Assert.Equal("healthz?deep=1", ProbeTarget.Read("https://h/healthz?deep=1", out _)!.Path);
        Assert.Equal("probe", ProbeTarget.Read("postgres://probe@h/akira", out _)!.User);
    }
}
