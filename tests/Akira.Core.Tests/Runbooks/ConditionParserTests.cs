using Akira.Core.Runbooks.Conditions;

namespace Akira.Core.Tests.Runbooks;

public sealed class ConditionParserTests
{
    [Theory]
    [InlineData("asr < 90%", 0.9)]
    [InlineData("asr < 0.9", 0.9)]
    [InlineData("pdd.p95 > 5s", 5)]
    [InlineData("pdd.p95>500ms", 0.5)]
    [InlineData("cdr.loss_in < 30m", 1800)]
    [InlineData("cert.expires_in < 14d", 1_209_600)]
    [InlineData("cdr.backlog >= 1000", 1000)]
    [InlineData("kamailio.up = 0", 0)]
    public void Values_are_kept_in_the_samples_own_unit(string text, double value) =>
        Assert.Equal(value, Comparison(text).Value);

    [Theory]
    [InlineData("<", Operator.Less)]
    [InlineData("<=", Operator.LessOrEqual)]
    [InlineData("=", Operator.Equal)]
    [InlineData("==", Operator.Equal)]
    [InlineData("!=", Operator.NotEqual)]
    [InlineData(">=", Operator.GreaterOrEqual)]
    [InlineData(">", Operator.Greater)]
    public void Every_comparison_can_be_written(string op, Operator expected) =>
        Assert.Equal(expected, Comparison($"asr {op} 90%").Operator);

    [Theory]
    [InlineData("asr < 90% for 1m over 5m")]
    [InlineData("asr < 90% over 5m for 1m")]
    [InlineData("  asr<90%  FOR 1m OVER 5m ")]
    public void For_and_over_stand_in_either_order(string text)
    {
        var comparison = Comparison(text);
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)), (comparison.For, comparison.Over));
    }

    [Fact]
    public void Labels_narrow_a_sample_down()
    {
        var labels = Comparison("""cdr.backlog{trunk="t1", customer="a b"} > 90""").Labels;
        Assert.Equal([("customer", "a b"), ("trunk", "t1")], labels.Select(l => (l.Key, l.Value)));
    }

    [Fact]
    public void And_binds_tighter_than_or()
    {
        var any = Assert.IsType<Condition.Any>(Read("asr < 90% or ner < 95% and vault.sealed = 1").Condition);
        Assert.IsType<Condition.Comparison>(any.Parts[0]);
        Assert.Equal(2, Assert.IsType<Condition.All>(any.Parts[1]).Parts.Length);
    }

    [Fact]
    public void Parentheses_bind_tightest()
    {
        var all = Assert.IsType<Condition.All>(Read("(asr < 90% or ner < 95%) and vault.sealed = 1").Condition);
        Assert.IsType<Condition.Any>(all.Parts[0]);
    }

    [Fact]
    public void The_words_are_kept() => Assert.Equal("asr < 90% over 5m", Read(" asr < 90% over 5m ").Condition!.Text);

    [Theory]
    [InlineData("asr < 5s", 6, "AKR702")]
    [InlineData("asr < 90", 6, "AKR702")]
    [InlineData("asr < 101%", 6, "AKR702")]
    [InlineData("pdd.p95 > 5", 10, "AKR702")]
    [InlineData("pdd.p95 > 5%", 10, "AKR702")]
    [InlineData("pdd.p95 > 5 parsecs", 12, "AKR701")]
    [InlineData("pdd.p95 > 5parsecs", 10, "AKR702")]
    [InlineData("cdr.backlog > 5s", 14, "AKR702")]
    [InlineData("vault.sealed = 2", 15, "AKR702")]
    [InlineData("kamailio.up = 1s", 14, "AKR702")]
    [InlineData("asr < 90% for 5", 14, "AKR702")]
    [InlineData("asr < 90% over 0s", 15, "AKR702")]
    [InlineData("asr < 90% and  kamailo.up = 0", 15, "AKR703")]
    [InlineData("pdd.p59 > 5s", 0, "AKR703")]
    [InlineData("asr 90%", 4, "AKR701")]
    [InlineData("asr <", 5, "AKR701")]
    [InlineData("asr < 90% and", 13, "AKR701")]
    [InlineData("asr < 90% for", 13, "AKR701")]
    [InlineData("(asr < 90%", 10, "AKR701")]
    [InlineData("asr < 90% )", 10, "AKR701")]
    [InlineData("asr < 90% nonsense", 10, "AKR701")]
    [InlineData("asr{trunk=t1} < 90%", 10, "AKR701")]
    [InlineData("asr{trunk=\"t1\" < 90%", 15, "AKR701")]
    [InlineData("asr < 90% for 1m for 2m", 0, "AKR701")]
    [InlineData("asr < 1.2.3%", 6, "AKR702")]
    [InlineData("asr{node=\"n1\"} < 90%", 3, "AKR704")]
    [InlineData("pdd.p95{trunk=\"t1\",customer=\"c\"} > 5s", 7, "AKR704")]
    [InlineData("asr < 0%", 6, "AKR705")]
    [InlineData("ner <= 1", 7, "AKR705")]
    [InlineData("kamailio.up > 1", 14, "AKR705")]
    [InlineData("vault.sealed >= 0", 16, "AKR705")]
    [InlineData("calls.attempts < 0", 17, "AKR705")]
    [InlineData("replication.lag >= 0s", 19, "AKR705")]
    [InlineData("asr < 90% for 61m", 14, "AKR706")]
    [InlineData("replication.lag > 1m for 5m over 2h", 33, "AKR706")]
    [InlineData("asr < 5s for 2h", 6, "AKR702")]
    [InlineData("(asr < 90% or pdd.p95 > 5s) and ner < 5s", 38, "AKR702")]
    [InlineData("not asr < 90%", 4, "AKR701")]
    [InlineData("asr < -5%", 6, "AKR701")]
    [InlineData("asr < 9e-1", 8, "AKR701")]
    [InlineData("pdd.p95 > 1m30s", 12, "AKR701")]
    [InlineData("", 0, "AKR701")]
    [InlineData("< 90%", 0, "AKR701")]
    public void A_mistake_is_found_at_its_column(string text, int column, string code)
    {
        var reading = Read(text);
        Assert.Null(reading.Condition);
        Assert.Equal((column, code), (reading.Problem!.Column, reading.Problem.Code));
    }

    [Fact]
    public void A_wrong_unit_says_the_right_one()
    {
        Assert.Contains("write 90% or 0.9", Read("asr < 90").Problem!.Fix, StringComparison.Ordinal);
        Assert.Contains("5s", Read("pdd.p95 > 5").Problem!.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_sample_is_answered_with_the_nearest() =>
        Assert.Equal("Did you mean pdd.p95", Read("pdd.95 > 5s").Problem!.Fix);

    private static Condition.Comparison Comparison(string text) =>
        Assert.IsType<Condition.Comparison>(Read(text).Condition);

    private static ConditionReading Read(string text) => ConditionParser.Read(text, ["kamailio", "signaling"]);
}
