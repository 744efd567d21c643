using Akira.Voice.Frontend.Registers;
using Akira.Voice.Management;

namespace Akira.Voice.Tests.Frontend;

public class DraftTests
{
    private static readonly Trunk Read = new("carrier-1", "Carrier 1", "sip.one.example", Version: 3);

    [Fact]
    public void What_was_typed_becomes_the_entry()
    {
        var draft = new Draft<Trunk>(Known.Trunks, Read) { ["port"] = " 5070 ", ["enabled"] = "" };

        Assert.Equal(Read with { Port = 5070, Enabled = false }, draft.Entry().Entry);
    }

    [Fact]
    public void Text_that_cannot_be_a_number_is_named_by_its_field()
    {
        var draft = new Draft<Trunk>(Known.Trunks, Read) { ["port"] = "5060; drop table" };

        var (entry, wrong) = draft.Entry();

        Assert.Null(entry);
        Assert.Equal("port", wrong!.Name);
    }

    [Fact]
    public void Fields_that_nobody_touched_here_follow_who_saved_first()
    {
        var draft = new Draft<Trunk>(Known.Trunks, Read) { ["name"] = "One" };

        draft.Rebase(Read with { Host = "sip.new.example", Version = 4 });

        Assert.Equal("sip.new.example", draft["host"]);
        Assert.Equal("sip.new.example", draft.Theirs("host"));
        Assert.Equal(("One", null), (draft["name"], draft.Theirs("name")));
        Assert.Equal(4, draft.Ground.Version);
    }

    [Fact]
    public void Where_both_wrote_both_are_kept_until_one_is_chosen()
    {
        var draft = new Draft<Trunk>(Known.Trunks, Read) { ["host"] = "sip.mine.example" };

        draft.Rebase(Read with { Host = "sip.theirs.example", Version = 4 });
        Assert.Equal(("sip.mine.example", "sip.theirs.example"), (draft["host"], draft.Theirs("host")));

        draft.TakeTheirs("host");
        Assert.Equal(("sip.theirs.example", null), (draft["host"], draft.Theirs("host")));
        Assert.False(draft.IsChanged);
    }

    [Fact]
    public void Every_field_of_every_register_gives_back_what_it_shows()
    {
        Same(
            Known.Customers,
            new Customer("nordwind", "Nordwind", "CHF", "noc@nordwind.example", "a note", Version: 1)
        );
        Same(Known.Trunks, Read with { Transport = "tls", Note = "old" });
        Same(Known.Routes, new Route("7", "39", ["carrier-1", "carrier-2"], "2", null, Version: 1));
        Same(Known.Rates, new Rate("4", "nordwind", "390", 0.0125m, "EUR", new(2026, 11, 1), Version: 1));
    }

    private static void Same<T>(Register<T> register, T entry)
        where T : IEntry
    {
        var draft = new Draft<T>(register, entry);
        var (again, wrong) = draft.Entry();
        Assert.Null(wrong);
        foreach (var field in register.Fields)
            Assert.Equal(field.Show(entry), field.Show(again!));
        Assert.False(draft.IsChanged);
    }
}
