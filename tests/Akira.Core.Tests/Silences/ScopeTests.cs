using Akira.Core.Chat;
using Akira.Core.Incidents;
using Akira.Core.Silences;
using Akira.Core.Tests.Incidents;
using CsCheck;

namespace Akira.Core.Tests.Silences;

public class ScopeTests
{
    private static readonly Actor Anna = new("anna", "telegram:1001", "telegram");
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Whatever_is_written_without_the_worst_severity_s_name_never_covers_it()
    {
        string[] words =
        [
            "database",
            "SEV2",
            "severity=warning",
            "severity=~\".*\"",
            "severity!=SEV2",
            "severity!=info",
            "alertname=~\".*\"",
            "host=\"db-1\"",
            "severity=~\"SEV1\"",
        ];
        Gen.Int[0, words.Length - 1]
            .Array[1, 4]
            .Sample(chosen =>
                Assert.False(
                    Read($"/silence {string.Join(' ', chosen.Distinct().Select(i => words[i]))} for 1h known")
                        .Scope.Covers(MatcherTests.Alert("critical"), Policies.Sev1)
                )
            );
    }

    [Theory]
    [InlineData("SEV1")]
    [InlineData("sev-1 database")]
    [InlineData("severity=critical alertname=DiskFull")]
    [InlineData("severity=\"page\"")]
    public void Named_it_is_covered_and_nothing_else_with_it(string what)
    {
        var scope = Read($"/silence {what} for 1h the array is swapped").Scope;

        Assert.True(scope.Covers(MatcherTests.Alert("critical"), Policies.Sev1));
        Assert.False(scope.Covers(MatcherTests.Alert("warning"), Policies.Sev1));
    }

    [Fact]
    public void A_beginning_may_be_given_in_UTC_or_with_an_offset()
    {
        Assert.Equal(
            new DateTimeOffset(2026, 3, 1, 22, 0, 0, TimeSpan.Zero),
            Read("/silence database from 2026-03-01T22:00 for 1h backup").From
        );
        Assert.Equal(
            new DateTimeOffset(2026, 3, 1, 21, 0, 0, TimeSpan.Zero),
            Read("/silence database from 2026-03-01T22:00+01:00 for 1h backup").From
        );
    }

    [Fact]
    public void What_nobody_vouches_for_silences_nothing()
    {
        var asked = Read("/silence database for 1h backup");
        var nobody = new Actor("anna", null, "http");

        Assert.Equal("not-identified", Set(asked, nobody).Refusal!.Code);
        Assert.Null(Set(asked, Anna).Refusal);
        Assert.Equal("reason-missing", Set(asked with { Reason = " " }, Anna).Refusal!.Code);
    }

    [Fact]
    public void What_is_read_from_the_log_is_what_was_set()
    {
        var scope = Read("/silence SEV2 CDR pipeline host=~\"db-\\d+\" for 1h known").Scope;
        var again = Read($"/silence {scope} for 1h known").Scope;

        Assert.Equal(scope.ToString(), again.ToString());
        Assert.Equal("""SEV2 subsystem="CDR pipeline" host=~"db-\\d+" """.TrimEnd(), scope.ToString());
    }

    [Fact]
    public void The_grammar_is_total() =>
        Gen.String[Gen.Char["ab =~!\"{},.:\\1hforSEV\n“”"], 0, 60]
            .Sample(text => Assert.NotNull(ChatGrammar.Read("/silence " + text, Policies.Small)));

    private static SilenceDecision Set(Utterance.Silence asked, Actor by) =>
        SilenceDecisions.Set(Silencing.None, asked.Scope, asked.From, asked.For, asked.Reason, by, Policies.Small, Now);

    private static Utterance.Silence Read(string line) =>
        ChatGrammar.Read(line, Policies.Small) is Utterance.Silence read
            ? read
            : throw new Xunit.Sdk.XunitException($"{line}: {ChatGrammar.Read(line, Policies.Small)}");
}
