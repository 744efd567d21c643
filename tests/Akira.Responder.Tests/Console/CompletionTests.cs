using Akira.Responder.Console;

namespace Akira.Responder.Tests.Console;

public class CompletionTests
{
    [Fact]
    public void A_slash_offers_every_verb_and_letters_narrow_them()
    {
        Assert.Contains("/gates", Of("/"));
        Assert.Equal(["/run ", "/resolve", "/reopen "], Of("/r"));
    }

    [Fact]
    public void An_acknowledgement_is_offered_in_the_name_of_who_types() => Assert.Equal("ACK anna", Of("ac")[0]);

    [Theory]
    [InlineData("/run kamailio-r", "/run kamailio-restart")]
    [InlineData("/tick sm", "/tick smoke ")]
    [InlineData("/classify dat", "/classify database")]
    [InlineData("/sev SEV1", "/sev SEV1 ")]
    [InlineData("/resolve o", "/resolve override: ")]
    public void Arguments_are_the_words_that_the_runbooks_know(string typed, string offered) =>
        Assert.Equal([offered], Of(typed));

    [Fact]
    public void A_hosts_name_is_completed_inside_a_sentence() =>
        Assert.Equal(["/log wiping db-1", "/log wiping db-10"], Of("/log wiping db-"));

    [Fact]
    public void Nothing_is_offered_for_a_name_that_is_whole() => Assert.Empty(Of("/run kamailio-restart"));

    private static List<string> Of(string typed) =>
        [.. Completion.Of(typed, Policies.Small, "anna").Select(s => s.Line)];
}
