using System.Collections.Immutable;
using System.Globalization;
using Akira.Core.Runbooks.Reading;
using Parlot.Fluent;

namespace Akira.Core.Runbooks.Conditions;

/// <param name="Column">Where in the text the problem stands, from 0.</param>
/// <param name="Code"><c>AKR701</c> and so on.</param>
public sealed record ConditionProblem(int Column, string Code, string What, string Fix);

/// <param name="Condition">Null when there is a problem.</param>
public sealed record ConditionReading(Condition? Condition, ConditionProblem? Problem);

/// <summary>
/// Reads <c>asr{trunk="t1"} &lt; 90% for 1m over 5m and (cdr.backlog &gt; 100 or vault.sealed = 1)</c>. <c>and</c> binds tighter
/// than <c>or</c>; <c>for</c> and <c>over</c> stand in either order.
/// </summary>
public static class ConditionParser
{
    /// <summary>No condition that people can follow is longer; and it bounds how deep parentheses can nest.</summary>
    private const int LongestText = 400;

    private static readonly Parser<Term> Grammar = Build();

    /// <param name="services">Names that may stand before <c>.up</c>; empty: any.</param>
    public static ConditionReading Read(string text, IReadOnlyCollection<string> services)
    {
        if (text.Length > LongestText)
            return Failed(
                0,
                "AKR701",
                "the condition is longer than 400 characters",
                "Divide it: any of several code spans opens"
            );
        if (!Grammar.TryParse(new ParseContext(new Parlot.Scanner(text)), out var term, out var error))
        {
            var at = Math.Min(error?.Position.Offset ?? 0, text.Length);
            var rest = text[at..].Trim();
            var found = rest.Length == 0 ? "its end" : FindingList.Quote(rest.Split(' ')[0]);
            return Failed(
                at + text[at..].TakeWhile(c => c == ' ').Count(),
                "AKR701",
                $"the condition can not be read: {error?.Message ?? "a sample is expected"}, and {found} is found",
                "Write it as: asr < 90% for 1m over 5m"
            );
        }
        if (Problem(term, services) is { } problem)
            return new ConditionReading(null, problem);
        return new ConditionReading(term.ToCondition(text.Trim()), null);
    }

    private static Parser<Term> Build()
    {
        var name = Terms.Identifier(static c => c is ':', static c => c is '.' or '-' or ':');
        var number = Terms
            .Pattern(static c => char.IsAsciiDigit(c) || c == '.')
            .And(Literals.Pattern(static c => char.IsAsciiLetter(c) || c == '%').Optional());
        var literal = number.Then(
            static (_, start, _, v) =>
                new Amount(v.Item1.ToString(), v.Item2.HasValue ? v.Item2.Value.ToString() : "", start)
        );
        var quoted = Terms.String(StringLiteralQuotes.Double).ElseError("a label's value in double quotes is expected");
        var label = Terms
            .Identifier()
            .AndSkip(Terms.Char('=').ElseError("'=' is expected after the label"))
            .And(quoted);
        var labels = Between(
                Terms.Char('{'),
                Separated(Terms.Char(','), label),
                Terms.Char('}').ElseError("'}' is expected after the labels")
            )
            .Optional();
        var comparison = OneOf(
            Terms.Text("<=").Then(Operator.LessOrEqual),
            Terms.Text(">=").Then(Operator.GreaterOrEqual),
            Terms.Text("!=").Then(Operator.NotEqual),
            Terms.Text("<").Then(Operator.Less),
            Terms.Text(">").Then(Operator.Greater),
            Terms.Text("==").Then(Operator.Equal),
            Terms.Text("=").Then(Operator.Equal)
        );
        var span = OneOf(Terms.Keyword("for", true), Terms.Keyword("over", true))
            .And(literal.ElseError("a duration is expected"));
        var term = name.And(labels)
            .And(comparison.ElseError("<, <=, =, !=, >= or > is expected"))
            .And(literal.ElseError("a value is expected"))
            .And(ZeroOrMany(span))
            .Then<Term>(
                static (_, start, _, v) =>
                    new Compared(
                        start,
                        v.Item1.ToString(),
                        [
                            .. (v.Item2.HasValue ? v.Item2.Value : []).Select(l =>
                                (l.Item1.ToString(), l.Item2.ToString())
                            ),
                        ],
                        v.Item3,
                        v.Item4,
                        [.. v.Item5.Select(s => (s.Item1.ToLowerInvariant(), s.Item2))]
                    )
            );
        var any = Deferred<Term>();
        var primary = Between(Terms.Char('('), any, Terms.Char(')').ElseError("')' is expected"))
            .Or(term)
            .ElseError("a sample is expected");
        var all = Separated(Terms.Keyword("and", true), primary)
            .Then<Term>(static v => v.Count == 1 ? v[0] : new Joined(true, [.. v]));
        any.Parser = Separated(Terms.Keyword("or", true), all)
            .Then<Term>(static v => v.Count == 1 ? v[0] : new Joined(false, [.. v]));
        var end = Always().Eof().ElseError("'and', 'or', 'for', 'over' or the end is expected");
        return any.AndSkip(Terms.WhiteSpace().Optional()).AndSkip(end);
    }

    private static ConditionProblem? Problem(Term term, IReadOnlyCollection<string> services) =>
        term switch
        {
            Joined joined => joined.Parts.Select(p => Problem(p, services)).FirstOrDefault(p => p is not null),
            Compared compared => SampleKinds.Problem(compared, services),
            _ => null,
        };

    private static ConditionReading Failed(int column, string code, string what, string fix) =>
        new(null, new ConditionProblem(column, code, what, fix));

    /// <summary>What was read, with its places, before samples and units are checked.</summary>
    internal abstract record Term
    {
        public abstract Condition ToCondition(string text);
    }

    internal sealed record Joined(bool All, ImmutableArray<Term> Parts) : Term
    {
        public override Condition ToCondition(string text) =>
            All
                ? new Condition.All([.. Parts.Select(p => p.ToCondition(text))]) { Text = text }
                : new Condition.Any([.. Parts.Select(p => p.ToCondition(text))]) { Text = text };
    }

    internal sealed record Compared(
        int Offset,
        string Sample,
        ImmutableArray<(string Name, string Value)> Labels,
        Operator Operator,
        Amount Value,
        ImmutableArray<(string Word, Amount Duration)> Spans
    ) : Term
    {
        public override Condition ToCondition(string text) =>
            new Condition.Comparison(
                Sample,
                Labels.ToImmutableSortedDictionary(l => l.Name, l => l.Value),
                Operator,
                Value.InSampleUnits ?? 0,
                Span("for"),
                Span("over")
            )
            {
                Text = text,
            };

        private TimeSpan? Span(string word) =>
            Spans.Where(s => s.Word == word).Select(s => s.Duration.Duration).FirstOrDefault();
    }

    /// <param name="Unit"><c>%</c>, a unit of time, or empty.</param>
    internal sealed record Amount(string Digits, string Unit, int Offset)
    {
        public double? Number =>
            double.TryParse(Digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) ? n : null;

        public TimeSpan? Duration => Durations.TryParse(Digits + Unit, out var duration) ? duration : null;

        /// <summary>Seconds, a ratio from 0 to 1, or a plain number.</summary>
        public double? InSampleUnits =>
            Unit switch
            {
                "" => Number,
                "%" => Number / 100,
                _ => Duration?.TotalSeconds,
            };

        public override string ToString() => Digits + Unit;
    }
}
