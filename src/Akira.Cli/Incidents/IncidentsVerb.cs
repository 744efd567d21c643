using Akira.Cli.CommandLine;

namespace Akira.Cli.Incidents;

internal sealed class IncidentsVerb : Verb
{
    public IncidentsVerb()
        : base(
            "incidents",
            "List, show or watch incidents (alone: list)",
            "akira incidents",
            "akira incidents show INC-7",
            "akira incidents watch INC-7"
        )
    {
        var list = new ListVerb();
        Add(list);
        Add(new ShowVerb());
        Add(new WatchVerb());
        Add(new PostmortemVerb());
        Add(new ActionsVerb());
        Add(new TimesVerb());
        foreach (var option in list.Options)
            Add(option);
        Action = list.Action;
    }
}
